import { describe, expect, it } from "vitest";

import { counted, fileName, freeColor, seconds, zoomText } from "./format";

describe("words and numbers", () => {
  it("agree in number", () => {
    expect(counted(1, "object")).toBe("1 object");
    expect(counted(1200, "object")).toBe("1,200 objects");
    expect(counted(2, "class", "classes")).toBe("2 classes");
  });

  it("show as many digits as matter", () => {
    expect(zoomText(0.0423)).toBe("4.2 %");
    expect(zoomText(1)).toBe("100 %");
    expect(seconds(7.24)).toBe("7.2 s");
    expect(seconds(75)).toBe("1 min 15 s");
    expect(seconds(null)).toBe("–");
  });

  it("name a file by the end of its path", () => {
    expect(fileName("a/b/c.jpg")).toBe("c.jpg");
    expect(fileName("c.jpg")).toBe("c.jpg");
  });
});

describe("a class's colour", () => {
  it("is one that no other class has", () => {
    const taken: string[] = [];
    for (let i = 0; i < 30; i++) taken.push(freeColor(taken));
    expect(new Set(taken).size).toBe(30);
    expect(taken.every((color) => /^#[0-9a-f]{6}$/.test(color))).toBe(true);
  });
});
