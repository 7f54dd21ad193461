import { expect, test } from 'vitest';
import { contentsOf } from './contents.ts';
import { html } from './html.ts';

test('every section with an id and a heading is listed, in order and escaped once', () => {
  const page = html`<section id="one"><h2>${'<b>First</b>'}</h2><h2>no</h2></section><section><h2>Nowhere</h2></section>
    <section id="two-2" class="x">
      <h2>Second</h2></section>`;
  expect(contentsOf(page).html).toBe(
    '<nav class="contents" aria-label="Contents"><ol><li><a href="#one">&lt;b&gt;First&lt;/b&gt;</a></li><li><a href="#two-2">Second</a></li></ol></nav>',
  );
});
