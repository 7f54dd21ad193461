/** clinic's pages ask its site for their fonts. A page in a run's folder asks nobody. */

const FONTS = 'https://clinicjs.org/assets/css/fonts.css';
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline' data:; script-src 'unsafe-inline'; img-src data: blob:; font-src data:";

/** The same page without its fonts, and with a policy that lets it fetch nothing. */
export function withoutNetwork(page: string): string {
  const meta = `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`;
  return page.replaceAll(FONTS, 'data:text/css,').replace(/<head>/i, (head) => `${head}\n      ${meta}`);
}
