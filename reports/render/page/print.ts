/** What paper needs of the page: nothing on it can be opened, so what is closed is opened before it is printed. */

/** Tables behind charts stay closed: the chart is there, and they are long. */
const OPENED = 'details:not(.behind):not([open])';

export function openForPrint({
  before,
  after,
}: {
  readonly before: () => void;
  readonly after: () => void;
}): void {
  let opened: HTMLDetailsElement[] = [];
  addEventListener('beforeprint', () => {
    opened = [...document.querySelectorAll<HTMLDetailsElement>(OPENED)];
    for (const details of opened) details.open = true;
    before();
  });
  addEventListener('afterprint', () => {
    for (const details of opened) details.open = false;
    opened = [];
    after();
  });
}
