/** FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/) of the text's UTF-16 units, 32 bits in base 36: tells names apart that become alike. */
export function checksum(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash.toString(36);
}
