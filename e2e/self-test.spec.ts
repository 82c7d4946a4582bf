import { expect, test } from "@playwright/test";

const SHOTS = process.env["SWEEP_SHOTS"];

for (const engine of ["wasm", "webgpu"]) {
  test(`the page checks this device on ${engine}, and everything can be copied`, async ({
    page,
    context,
  }) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.goto(`/?test=1&backend=${engine}`);
    await expect(page.locator(`[data-engine="${engine}"]`)).toBeVisible();
    await page.getByText("This machine", { exact: true }).click();
    await page.getByRole("button", { name: "Check this device" }).click();
    const table = page.locator("[data-self-test]");
    await expect(table).toHaveAttribute("data-self-test", "passed", { timeout: 120_000 });
    await expect(table).toContainText("a second run gave the same bits");
    await expect(table.locator("tbody tr")).toHaveCount(5);
    if (SHOTS !== undefined) await page.screenshot({ path: `${SHOTS}/self-test-${engine}.png` });
    await page.getByRole("button", { name: "Copy this report" }).click();
    await expect(page.getByText("Copied.")).toBeVisible();
    const text = await page.evaluate(() => navigator.clipboard.readText());
    expect(text).toContain(`self-test on ${engine}`);
    expect(text).toMatch(/half precision in shaders: (yes|no)/);
    expect(text).toMatch(/maxStorageBufferBindingSize: \d+/);
    expect(text).toMatch(/storage of this page: .* of .* used/);
  });
}
