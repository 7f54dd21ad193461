/** Somebody's profile, in a dialog that the browser closes with Escape and gives its focus back from. */
import type { ProfileCard } from './room.ts';

export class ProfileDialog {
  readonly #dialog: HTMLDialogElement;
  readonly #document: Document;

  constructor(document: Document, onClosed: () => void) {
    this.#document = document;
    this.#dialog = document.getElementById('profile') as HTMLDialogElement;
    this.#dialog.addEventListener('close', onClosed);
  }

  show(card: ProfileCard | null): void {
    if (card === null) {
      if (this.#dialog.open) this.#dialog.close();
      return;
    }
    const { answer } = card;
    const profile = answer?.profile ?? null;
    this.#text('profile-name', answer === null ? 'One moment' : (answer.name ?? 'No longer here'));
    this.#text('profile-handle', profile === null ? '' : `@${profile.handle}`);
    const bio = this.#text('profile-bio', profile?.bio ?? (answer === null ? '' : 'No profile.'));
    // A screen reader speaks the words of a bio in the bio's own language.
    if (profile === null) bio.removeAttribute('lang');
    else bio.lang = profile.locale;
    const avatar = this.#document.getElementById('profile-avatar') as HTMLImageElement;
    avatar.hidden = profile === null;
    if (profile !== null && avatar.src !== profile.avatar) avatar.src = profile.avatar;
    if (!this.#dialog.open) this.#dialog.showModal();
  }

  #text(id: string, text: string): HTMLElement {
    const element = this.#document.getElementById(id)!;
    element.textContent = text;
    return element;
  }
}
