import { DOMParser } from "@xmldom/xmldom";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createAttributeReader, XmlScanner } from "./xml";

/** Events of a document that comes in pieces of some characters, texts joined. */
function scan(text: string, size = text.length): string[] {
  const events: string[] = [];
  let last = "";
  const flush = () => {
    if (last !== "") events.push(`"${last}"`);
    last = "";
  };
  const scanner = new XmlScanner("a.xml", {
    open: (name, attributes) => {
      flush();
      events.push(`<${name}${attributes.trimEnd()}@${scanner.line}`);
    },
    text: (piece) => void (last += piece),
    close: (name) => {
      flush();
      events.push(`/${name}`);
    },
  });
  for (let at = 0; at < text.length; at += size) scanner.push(text.slice(at, at + size));
  flush();
  return events;
}

const DOCUMENT = `<?xml version="1.0"?>
<!DOCTYPE a [ <!ENTITY x "<b>"> ]>
<!-- <no> - -- -->
<a k="1 > 0" l='&lt;'>one &amp; &#50;&#x33; <g:b/>
<![CDATA[<raw> ]] & ]]> two</a>
`;

describe("XmlScanner", () => {
  it("tells tags, texts and lines; comments, instructions and DOCTYPE are nothing", () => {
    expect(scan(DOCUMENT)).toEqual([
      '"\n\n\n"',
      `<a k="1 > 0" l='&lt;'@4`,
      '"one & 23 "',
      "<b@4",
      "/b",
      '"\n<raw> ]] &  two"',
      "/a",
      '"\n"',
    ]);
  });

  it("tells the same however the document is cut", () => {
    for (let size = 1; size < 40; size++) expect(scan(DOCUMENT, size)).toEqual(scan(DOCUMENT));
  });

  it("reads attributes", () => {
    expect(createAttributeReader("lon")(` lat="1" lon='2'`)).toBe("2");
    expect(createAttributeReader("k")(` k = "a &amp; b"`)).toBe("a & b");
    expect(createAttributeReader("lat")(` flat="1"`)).toBeUndefined();
  });

  it("finds the elements and texts that another parser finds", () => {
    const name = fc.constantFrom("a", "b", "x:c");
    const text = fc.string({ maxLength: 8 }).map((t) => t.replaceAll(/[^ -~]|[<&>]/g, "&amp;"));
    const { element } = fc.letrec<{ element: string }>((tie) => ({
      element: fc
        .tuple(name, fc.array(fc.oneof({ maxDepth: 4 }, text, tie("element")), { maxLength: 3 }))
        .map(([tag, content]) => `<${tag} k="'>">${content.join("<!--<-->")}</${tag}>`),
    }));
    fc.assert(
      fc.property(element, fc.integer({ min: 1, max: 20 }), (xml, size) => {
        const whole = xml.replace("<", "<x:r xmlns:x='u'><").concat("</x:r>");
        const document = new DOMParser().parseFromString(whole, "text/xml");
        const events = scan(whole, size);
        const names = [...document.getElementsByTagName("*")].map(({ localName }) => localName);
        const opened = events.filter((event) => event.startsWith("<"));
        expect(opened.map((event) => /^<(\w+)/.exec(event)![1])).toEqual(names);
        const texts = events.filter((event) => event.startsWith('"'));
        const joined = texts.map((event) => event.slice(1, -1)).join("");
        expect(joined).toBe(document.documentElement!.textContent);
      }),
    );
  });

  it("ends in finite time on anything, and refuses a tag without an end", () => {
    const marks = fc.constantFrom(
      "<",
      ">",
      "<!--",
      "-->",
      "<![CDATA[",
      "]]>",
      '"',
      "&",
      "<!",
      "a",
      "?",
    );
    fc.assert(
      fc.property(fc.array(marks), fc.integer({ min: 1, max: 5 }), (parts, size) => {
        expect(scan(parts.join(""), size)).toBeInstanceOf(Array);
      }),
    );
    expect(() => scan(`<a ${"b".repeat(2 ** 20)}`)).toThrow(/a.xml: the tag on line 1 has no end/);
  });
});
