/** Elements from texts. A text is never read as HTML: titles and causes are somebody else's. */

/** An element with attributes and a text. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string>> = {},
  text = '',
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  if (text !== '') made.textContent = text;
  return made;
}

/** Writes a text only where it is another one: what stays costs no layout, and a reader's place in it is kept. */
export function textOnce(where: Element, text: string): void {
  if (where.textContent !== text) where.textContent = text;
}

export function attributeOnce(where: Element, name: string, value: string): void {
  if (where.getAttribute(name) !== value) where.setAttribute(name, value);
}
