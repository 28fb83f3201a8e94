import { encode } from "uqr";
import { expect, test } from "vitest";
import { qrPath } from "../../admin-center/src/parts/qr-path.ts";

test("draws each run of dark modules as one rectangle", () => {
  const modules = [
    [true, true, false, true],
    [false, false, false, false],
    [false, true, true, true],
  ];
  expect(qrPath(modules)).toBe("M0 0h2v1h-2zM3 0h1v1h-1zM1 2h3v1h-3z");
});

test("draws every dark module of a real code once", () => {
  const { data } = encode("http://127.0.0.1:8081/devicelogin?user_code=BCDF-GHJK", { ecc: "M" });
  const lengths = [...qrPath(data).matchAll(/h(\d+)v/g)].map(([, length]) => Number(length));
  const dark = data.flat().filter(Boolean).length;
  expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(dark);
});
