// The result files of a study that has ended: what was exported, to take away.

import { el, fill } from '../dom.js';
import { ofStudy, url } from '../api.js';

export class ResultFiles {
  element = el('section', { class: 'files', hidden: true });
  #study;
  #drawn = '';

  constructor(study) { this.#study = study; }

  /** @param {{artifacts?: {path: string}[]}} status Without artifacts while the study runs. */
  show(status) {
    const paths = (status.artifacts ?? []).map(a => a.path).sort((a, b) => a.localeCompare(b, 'en', { numeric: true })), told = paths.join('\n');
    if (told === this.#drawn) return;
    this.#drawn = told;
    this.element.hidden = paths.length === 0;
    const folders = Map.groupBy(paths, path => path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '');
    fill(this.element, el('h2', null, 'Results'), el('dl', { class: 'folders' }, [...folders].map(([folder, files]) => [el('dt', null, folder || 'study'),
      el('dd', null, files.map(path => [el('a', { href: url(ofStudy(this.#study, `/artifacts/${path.split('/').map(encodeURIComponent).join('/')}`)), download: path.split('/').at(-1) }, path.split('/').at(-1)), ' ']))])));
  }
}
