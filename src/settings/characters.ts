import { lookAlike, scriptOf } from "./scripts.ts";

/**
 * What no name may hold, since a reviewer would not see it, or would take it for something else: characters without a
 * picture, and letters that look like others. Names in any one script and emoji are fine.
 * https://www.unicode.org/reports/tr36/, https://www.unicode.org/reports/tr39/
 */

/** A character, and what is wrong with it. */
interface Oddity {
  readonly character: string;
  /** What kind of character it is, e.g. `zero width space`. */
  readonly kind: string;
  /** Counted in characters, from 1. */
  readonly position: number;
  readonly expected: string;
}

/** What a reader cannot see. Default_Ignorable_Code_Point has the fillers, tags, variation selectors and joiners. */
const hidden = /[\p{Default_Ignorable_Code_Point}\p{C}\p{Zl}\p{Zp}\u2800]|(?! )\p{Zs}/u;
/** Most names: nothing needs a closer look. */
const plainText = /^[\x20-\x7e]*$/;
/** What an emoji is made of (joiners, selectors, tags) is no oddity, in the sequences that Unicode recommends. */
// biome-ignore lint/complexity/useRegexLiterals: Node 20 knows the flag, the language level that TypeScript checks for does not
const emojiOrCharacter = new RegExp("(?=\\p{Emoji})\\p{RGI_Emoji}|\\p{Any}", "gv");

/** A text with what cannot be seen as its number: `\u{202e}`. */
export function visible(text: string): string {
  if (plainText.test(text)) return text;
  return text.replace(emojiOrCharacter, (part) => {
    const isHidden = [...part].length === 1 && hidden.test(part);
    return isHidden ? `\\u{${codePoint(part).toString(16)}}` : part;
  });
}

/**
 * What is wrong with the characters of a name: which one, where, and what was expected.
 * @returns undefined for a name that says what it seems to say
 */
export function characterProblem(name: string): string | undefined {
  const found = oddityOf(name);
  if (found === undefined) return undefined;
  const number = codePoint(found.character).toString(16).toUpperCase().padStart(4, "0");
  const where = `at position ${found.position} of ${visible(JSON.stringify(name))}`;
  return `got U+${number} (${found.kind}) ${where}, expected ${found.expected}`;
}

function oddityOf(name: string): Oddity | undefined {
  const outer = outerSpaceIn(name);
  if (outer !== undefined || plainText.test(name)) return outer;
  const characters = splitEmoji(name);
  return hiddenIn(characters) ?? disguisedIn(characters) ?? composableIn(name) ?? mixedIn(characters);
}

interface Placed {
  readonly character: string;
  readonly position: number;
}

/** The characters of a name that are not part of an emoji. */
function splitEmoji(name: string): Placed[] {
  const characters: Placed[] = [];
  let position = 1;
  for (const [part] of name.matchAll(emojiOrCharacter)) {
    const points = [...part];
    if (points.length === 1) characters.push({ character: part, position });
    position += points.length;
  }
  return characters;
}

function hiddenIn(characters: readonly Placed[]): Oddity | undefined {
  const found = characters.find(({ character }) => hidden.test(character) && !/\p{Cn}/u.test(character));
  const odd = found ?? characters.find(({ character }) => isNever(character));
  return odd && { ...odd, kind: kindOf(odd.character), expected: "characters that can be seen; remove it" };
}

/** Not assigned, and never will be; others that are not assigned yet may be tomorrow's emoji. */
function isNever(character: string): boolean {
  return /[\p{Noncharacter_Code_Point}\p{Default_Ignorable_Code_Point}]/u.test(character);
}

function outerSpaceIn(name: string): Oddity | undefined {
  if (!/^ | $/.test(name)) return undefined;
  const position = name.startsWith(" ") ? 1 : [...name].length;
  return { character: " ", position, kind: "space", expected: "no space at the beginning or the end; remove it" };
}

/** A letter, digit or sign that stands for a plain one: full width, mathematical, a fraction's slash. */
function disguisedIn(characters: readonly Placed[]): Oddity | undefined {
  const isEastAsian = characters.some(({ character }) => eastAsian.has(scriptOf(character) ?? ""));
  for (const { character, position } of characters) {
    // Where Chinese and its neighbours are written, signs of full width are the usual ones.
    if (isEastAsian && /[\uff01-\uff20]/.test(character)) continue;
    const plain = lookAlike.signs.get(character) ?? plainForm(character);
    if (plain === undefined) continue;
    return {
      character,
      position,
      kind: scriptOf(character) ?? "a sign",
      expected: `${JSON.stringify(plain)}, which it looks like`,
    };
  }
  return undefined;
}

function plainForm(character: string): string | undefined {
  const plain = character.normalize("NFKC");
  return plain !== character && /[\p{L}\p{N}]/u.test(character) && plainText.test(plain) ? plain : undefined;
}

/** `e` and an accent after it look like `é`, and no service takes the two for one. */
function composableIn(name: string): Oddity | undefined {
  const composed = [...name.normalize("NFC")];
  const index = [...name].findIndex((character, at) => character !== composed[at]);
  const [character, better] = [[...name][index], composed[index]];
  if (character === undefined || better === undefined) return undefined;
  const expected = `U+${codePoint(better).toString(16).toUpperCase().padStart(4, "0")}, the one character that looks the same`;
  return { character, position: index + 1, kind: "the first part of a composed character", expected };
}

const eastAsian = new Set(["Han", "Hiragana", "Katakana", "Bopomofo", "Hangul"]);
/** Scripts that are written in one word. */
const together = new Set(["Latin", ...eastAsian]);

function mixedIn(characters: readonly Placed[]): Oddity | undefined {
  const words = wordsOf(characters);
  const hasLatin = words.some((word) => word.some(({ script }) => script === "Latin"));
  for (const word of words) {
    const scripts = new Set(word.map(({ script }) => script));
    const isMixed = scripts.size > 1 && [...scripts].some((script) => !together.has(script));
    const isDisguised =
      hasLatin && !scripts.has("Latin") && word.every(({ character }) => lookAlike.letters.has(character));
    if (!isMixed && !isDisguised) continue;
    const usual = scripts.has("Latin") ? "Latin" : word[0]?.script;
    const odd = word.find(({ script }) => isDisguised || script !== usual);
    if (odd === undefined) continue;
    const like = lookAlike.letters.get(odd.character);
    const hint = like === undefined ? "" : `; it looks like ${JSON.stringify(like)}`;
    return { ...odd, kind: odd.script, expected: `${isMixed ? usual : "Latin"} letters there${hint}` };
  }
  return undefined;
}

/** The letters of each word with their scripts; digits and what belongs to no script say nothing. */
function wordsOf(characters: readonly Placed[]): (Placed & { readonly script: string })[][] {
  const words: (Placed & { readonly script: string })[][] = [[]];
  for (const placed of characters) {
    const script = scriptOf(placed.character);
    if (script !== undefined) words.at(-1)?.push({ ...placed, script });
    else if (!/[\p{L}\p{M}\p{N}]/u.test(placed.character)) words.push([]);
  }
  return words.filter((word) => word.length > 0);
}

const kinds: readonly (readonly [RegExp, string])[] = [
  [/\u00ad/, "soft hyphen"],
  [/[\u115f\u1160\u3164\uffa0]/, "Hangul filler"],
  [/\u180e/, "Mongolian vowel separator"],
  [/\u200b/, "zero width space"],
  [/[\u200c\u200d]/, "zero width joiner"],
  [/[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/, "mark of direction"],
  [/\u2060/, "word joiner"],
  [/\u2800/, "blank of Braille"],
  [/\ufeff/, "byte order mark"],
  [/[\u{fe00}-\u{fe0f}\u{e0100}-\u{e01ef}]/u, "variation selector"],
  [/[\u{e0000}-\u{e007f}]/u, "tag"],
  [/\p{Cc}/u, "control character"],
  [/\p{Cs}/u, "half a character"],
  [/\p{Co}/u, "private use"],
  [/\p{Zs}/u, "another space than the usual one"],
  [/[\p{Zl}\p{Zp}]/u, "line separator"],
];

function kindOf(character: string): string {
  return kinds.find(([shape]) => shape.test(character))?.[1] ?? "invisible";
}

function codePoint(character: string): number {
  return character.codePointAt(0) ?? 0;
}
