/**
 * The script that is in a page before the page's own: it takes the place of the buttons (`server/protocol/page.ts`) and
 * waits for its orders. Bundled by `bundle.ts`; nothing of it runs in Node.
 */
import './no-eval.ts';
import type { MakePageDriver, PageDriver, PageHands } from '../../../../server/protocol/page.ts';
import { fromText, PAGE, type PageOrders, type PageSide, TELL } from '../crossing.ts';
import { PagePerson } from './person.ts';

type Outside = {
  roomrushDriver: MakePageDriver;
  [TELL]: (report: string) => Promise<unknown>;
  [PAGE]: PageSide;
};
const outside = window as unknown as Outside;

const NOBODY: PageDriver = {
  opened() {},
  refused() {},
  closed() {},
  frame() {},
  mediaAnswer() {},
  ice() {},
  dtls() {},
  firstPacket() {},
  audible() {},
  mediaLost() {},
};

const lent = Promise.withResolvers<PageHands>();
let hands: PageHands | null = null;
let person: PagePerson | null = null;

outside.roomrushDriver = (pageHands) => {
  hands = pageHands;
  lent.resolve(pageHands);
  // The page may tell before there is somebody in it, and must not be kept waiting.
  return new Proxy(NOBODY, {
    get: (nobody, name: keyof PageDriver) => {
      const present: PageDriver = person ?? nobody;
      return present[name].bind(present);
    },
  });
};

outside[PAGE] = {
  ready: () => lent.promise.then(() => {}),
  begin(text) {
    if (hands === null) throw new TypeError('the page was told to begin before it was ready');
    person = new PagePerson(fromText(text) as PageOrders, hands, (report) => outside[TELL](report));
    person.begin();
  },
  async end() {
    await person?.end();
  },
};
