// A small reader of XML as text → tree, for BPMN in the browser and in tests; no DTD, no external things. What it cannot read is null.
export interface XmlNode { name: string; attributes: Record<string, string>; children: XmlNode[]; text: string }

const entities: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }
const decode = (text: string) => text.replace(/&(#x?[0-9a-fA-F]+|\w+);/g, (all, name: string) => {
  if (!name.startsWith('#')) return entities[name] ?? all
  const code = name[1] === 'x' ? parseInt(name.slice(2), 16) : parseInt(name.slice(1), 10)
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : all
})
const token = /<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<\?[\s\S]*?\?>|<\/([^\s>]+)\s*>|<([^\s/>!?]+)((?:\s+[^\s=/>]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>|([^<]+)/g
const attribute = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g

export function parseXml(text: string): XmlNode | null {
  if (/<!DOCTYPE/i.test(text)) return null
  const top: XmlNode = { name: '', attributes: {}, children: [], text: '' }
  const open: XmlNode[] = [top]
  for (const [, cdata, close, name, attributes, empty, words] of text.matchAll(token)) {
    const parent = open.at(-1)
    if (!parent) return null
    if (cdata !== undefined) parent.text += cdata
    else if (words !== undefined) parent.text += decode(words)
    else if (close !== undefined) { if (open.length < 2 || open.pop()?.name !== close) return null } else if (name !== undefined) {
      const node: XmlNode = { name, attributes: {}, children: [], text: '' }
      for (const [, key, a, b] of (attributes ?? '').matchAll(attribute)) if (key) node.attributes[key] = decode(a ?? b ?? '')
      parent.children.push(node)
      if (empty !== '/') open.push(node)
    }
  }
  return open.length === 1 ? top.children[0] ?? null : null
}

/** "bpmn:userTask" → "userTask". */
export const localName = (name: string): string => name.slice(name.indexOf(':') + 1)
