import { expect, it } from "vitest";
import { classCodes, className, landCover, LAND_COVER_IDS, recogniseLandCover } from "./land-cover";

it("recognises a legend by name and values, or by values that only one legend has", () => {
  const esa = [10, 20, 30, 40, 50, 60, 80, 95];
  expect(recogniseLandCover(esa, "ESA_WorldCover_10m_2021_v200.tif")?.id).toBe("esa-worldcover");
  expect(recogniseLandCover([0, ...esa], "x.tif")?.id).toBe("esa-worldcover");
  expect(recogniseLandCover([11, 21, 22, 41, 82], "cover.tif")?.id).toBe("nlcd");
  expect(recogniseLandCover([50, 111, 126, 200], "x.tif")?.id).toBe("copernicus");
  expect(recogniseLandCover([1, 2, 5, 7, 11], "54S_20220101-20230101.tif")?.id).toBe("esri");
});

it("recognises nothing by too little", () => {
  expect(recogniseLandCover([20, 30, 40, 50], "x.tif")).toBeUndefined(); // ESA's or Copernicus's
  expect(recogniseLandCover([1, 2, 5, 7, 11], "x.tif")).toBeUndefined(); // Esri's, or any ranks
  expect(recogniseLandCover([10, 95], "x.tif")).toBeUndefined();
  expect(recogniseLandCover([10, 11, 95], "WorldCover.tif")).toBeUndefined(); // 11 is no class of it
  expect(recogniseLandCover([], "WorldCover.tif")).toBeUndefined();
});

it("finds classes by number, name and group", () => {
  expect(classCodes("trees", "corine")).toEqual([23, 24, 25]);
  expect(classCodes("mangroves", "esa-worldcover")).toEqual([95]);
  expect(classCodes("50", undefined)).toEqual([50]);
  expect(classCodes("trees", undefined)).toBeUndefined();
  expect(classCodes("unicorns", "nlcd")).toBeUndefined();
  expect(className(95, "esa-worldcover")).toBe("Mangroves");
  expect(className(3, undefined)).toBe("class 3");
});

it.each(LAND_COVER_IDS)("every group of %s has classes of the legend", (id) => {
  const { groups, classes, unknown } = landCover(id);
  for (const codes of Object.values(groups)) {
    expect(codes.length).toBeGreaterThan(0);
    expect(codes.every((code) => code in classes)).toBe(true);
  }
  expect(unknown.some((code) => code in classes)).toBe(false);
});
