/** The scripts whose names are told. A letter of another one is told as of "another script". */
const scripts = [
  ...["Latin", "Cyrillic", "Greek", "Armenian", "Georgian", "Hebrew", "Arabic", "Coptic", "Cherokee", "Lisu", "Thai"],
  ...["Han", "Hiragana", "Katakana", "Bopomofo", "Hangul", "Devanagari", "Bengali", "Tamil", "Telugu", "Ethiopic"],
].map((name) => [name, new RegExp(`\\p{Script=${name}}`, "u")] as const);

/** Which script a letter belongs to; undefined for what is no letter, or is used in many. */
export function scriptOf(character: string): string | undefined {
  if (!/\p{L}/u.test(character) || /[\p{Script=Common}\p{Script=Inherited}]/u.test(character)) return undefined;
  return scripts.find(([, shape]) => shape.test(character))?.[0] ?? "another script";
}

/** Each two characters are one that looks like another, and that other. */
function pairs(text: string): ReadonlyMap<string, string> {
  return new Map(text.split(" ").map((pair) => [...pair] as [string, string]));
}

/**
 * What is taken for something else at a glance, from https://www.unicode.org/Public/security/latest/confusables.txt.
 * Letters of other scripts are odd only among Latin ones; signs, and the few Latin letters there, always.
 */
export const lookAlike = {
  letters: pairs(
    // Cyrillic
    "аa еe оo рp сc уy хx іi јj ѕs һh ԁd ԛq ԝw ӏl гr вb кk мm нh тt пn ь6 " +
      "АA ВB ЕE КK МM НH ОO РP СC ТT УY ХX ЅS ІI ЈJ ԚQ ԜW ЬB З3 Ӏl " +
      // Greek
      "αa βb εe ηn ιi κk νv οo ρp τt υu χx γy ωw " +
      "ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX " +
      // Armenian, Coptic
      "օo ոn սu հh ցg զq ⲟo ⲣp ⲥc ⲭx ⲩy ⲞO ⲢP ⲤC ⲬX " +
      // Cherokee, Lisu
      "ᎪA ᏴB ᏟC ᎠD ᎬE ᎻH ᎫJ ᏦK ᏞL ᎷM ᏢP ᎡR ᏚS ᎢT ᏙV ᎳW ᏃZ ᏒR ᏀG ꓮA ꓐB ꓚC ꓓD ꓰE ꓝF ꓖG ꓧH ꓲI ꓙJ ꓗK ꓡL ꓟM ꓠN ꓳO ꓑP",
  ),
  signs: pairs("ɑa ɡg ɩi ⁄/ ∕/ ⧸/ ╱/ ／/ ∗* ⁎* ＊* ․. ．. ꞉: ∶: ：: ‐- ‑- −- ＠@ ＃# ʼ' ˈ' ǃ!"),
};
