/** One of the 47 prefectures; the position in PREFECTURES plus one is its JIS X 0401 code. */
export interface Prefecture {
  readonly name: string;
  readonly kanji: string;
  /** Index in REGIONS. */
  readonly region: number;
  readonly capital: string;
  readonly capitalKanji: string;
  /** First-order administrative code in GeoNames. */
  readonly geoNames: string;
}

/** The customary eight regions. */
export const REGIONS = [
  "Hokkaido",
  "Tohoku",
  "Kanto",
  "Chubu",
  "Kansai",
  "Chugoku",
  "Shikoku",
  "Kyushu and Okinawa",
] as const;

const ROWS: readonly [string, string, number, string, string, string][] = [
  ["Hokkaido", "北海道", 0, "12", "Sapporo", "札幌市"],
  ["Aomori", "青森県", 1, "03", "Aomori", "青森市"],
  ["Iwate", "岩手県", 1, "16", "Morioka", "盛岡市"],
  ["Miyagi", "宮城県", 1, "24", "Sendai", "仙台市"],
  ["Akita", "秋田県", 1, "02", "Akita", "秋田市"],
  ["Yamagata", "山形県", 1, "44", "Yamagata", "山形市"],
  ["Fukushima", "福島県", 1, "08", "Fukushima", "福島市"],
  ["Ibaraki", "茨城県", 2, "14", "Mito", "水戸市"],
  ["Tochigi", "栃木県", 2, "38", "Utsunomiya", "宇都宮市"],
  ["Gunma", "群馬県", 2, "10", "Maebashi", "前橋市"],
  ["Saitama", "埼玉県", 2, "34", "Saitama", "さいたま市"],
  ["Chiba", "千葉県", 2, "04", "Chiba", "千葉市"],
  ["Tokyo", "東京都", 2, "40", "Tokyo", "新宿区"],
  ["Kanagawa", "神奈川県", 2, "19", "Yokohama", "横浜市"],
  ["Niigata", "新潟県", 3, "29", "Niigata", "新潟市"],
  ["Toyama", "富山県", 3, "42", "Toyama", "富山市"],
  ["Ishikawa", "石川県", 3, "15", "Kanazawa", "金沢市"],
  ["Fukui", "福井県", 3, "06", "Fukui", "福井市"],
  ["Yamanashi", "山梨県", 3, "46", "Kōfu", "甲府市"],
  ["Nagano", "長野県", 3, "26", "Nagano", "長野市"],
  ["Gifu", "岐阜県", 3, "09", "Gifu", "岐阜市"],
  ["Shizuoka", "静岡県", 3, "37", "Shizuoka", "静岡市"],
  ["Aichi", "愛知県", 3, "01", "Nagoya", "名古屋市"],
  ["Mie", "三重県", 4, "23", "Tsu", "津市"],
  ["Shiga", "滋賀県", 4, "35", "Ōtsu", "大津市"],
  ["Kyoto", "京都府", 4, "22", "Kyoto", "京都市"],
  ["Osaka", "大阪府", 4, "32", "Osaka", "大阪市"],
  ["Hyogo", "兵庫県", 4, "13", "Kobe", "神戸市"],
  ["Nara", "奈良県", 4, "28", "Nara", "奈良市"],
  ["Wakayama", "和歌山県", 4, "43", "Wakayama", "和歌山市"],
  ["Tottori", "鳥取県", 5, "41", "Tottori", "鳥取市"],
  ["Shimane", "島根県", 5, "36", "Matsue", "松江市"],
  ["Okayama", "岡山県", 5, "31", "Okayama", "岡山市"],
  ["Hiroshima", "広島県", 5, "11", "Hiroshima", "広島市"],
  ["Yamaguchi", "山口県", 5, "45", "Yamaguchi", "山口市"],
  ["Tokushima", "徳島県", 6, "39", "Tokushima", "徳島市"],
  ["Kagawa", "香川県", 6, "17", "Takamatsu", "高松市"],
  ["Ehime", "愛媛県", 6, "05", "Matsuyama", "松山市"],
  ["Kochi", "高知県", 6, "20", "Kochi", "高知市"],
  ["Fukuoka", "福岡県", 7, "07", "Fukuoka", "福岡市"],
  ["Saga", "佐賀県", 7, "33", "Saga", "佐賀市"],
  ["Nagasaki", "長崎県", 7, "27", "Nagasaki", "長崎市"],
  ["Kumamoto", "熊本県", 7, "21", "Kumamoto", "熊本市"],
  ["Oita", "大分県", 7, "30", "Ōita", "大分市"],
  ["Miyazaki", "宮崎県", 7, "25", "Miyazaki", "宮崎市"],
  ["Kagoshima", "鹿児島県", 7, "18", "Kagoshima", "鹿児島市"],
  ["Okinawa", "沖縄県", 7, "47", "Naha", "那覇市"],
];

/** All prefectures in the order of their JIS code. */
export const PREFECTURES: readonly Prefecture[] = ROWS.map(
  ([name, kanji, region, geoNames, capital, capitalKanji]) => ({
    name,
    kanji,
    region,
    geoNames,
    capital,
    capitalKanji,
  }),
);
