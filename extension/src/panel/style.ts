/**
 * The panel's look: the viewer's own custom properties, type size and spacing, under names of our own. Light DOM, one
 * sheet, put into the page once. The values after the commas serve viewers that lack a property.
 */
const sheet = `
.ovr-root {
  --ovr-fg: hsl(var(--foreground, 0 0% 98%));
  --ovr-quiet: hsl(var(--muted-foreground, 200 46% 65%));
  --ovr-accent: hsl(var(--highlight, 191 74% 63%));
  --ovr-primary: hsl(var(--primary, 214 98% 60%));
  --ovr-raised: hsl(var(--popover, 219 90% 15%));
  --ovr-hover: hsl(var(--accent, 217 79% 24%));
  --ovr-sunk: hsl(var(--background, 0 0% 0%));
  --ovr-line: hsl(var(--input, 236 52% 30%));
  --ovr-good: #5cd68a;
  --ovr-warn: #ffc440;
  --ovr-bad: #ff8f8f;
  height: 100%; min-height: 0; display: flex; flex-direction: column;
  color: var(--ovr-fg); font-size: 13px; line-height: 1.4; text-align: left;
  font-variant-numeric: tabular-nums; overflow-wrap: break-word;
}
.ovr-root *, .ovr-root *::before, .ovr-root *::after { box-sizing: border-box; }
.ovr-root button { font: inherit; color: inherit; background: none; border: 0; padding: 0; margin: 0; cursor: pointer; text-align: inherit; }
.ovr-root button:disabled { cursor: default; opacity: .5; }
:where(.ovr-root) :where(h2, h3, p, ul, ol, dl, dd) { margin: 0; padding: 0; list-style: none; font: inherit; }
.ovr-root :focus-visible { outline: 2px solid var(--ovr-accent); outline-offset: 1px; border-radius: 4px; }
.ovr-root .ovr-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.ovr-head { display: flex; align-items: center; justify-content: space-between; gap: 8px; padding: 8px 10px 6px; }
.ovr-root .ovr-head h2 { font-size: 14px; }
.ovr-pill { font-size: 11px; line-height: 1; padding: 4px 8px; border-radius: 999px; color: var(--ovr-warn); border: 1px solid currentColor; white-space: nowrap; }
.ovr-series { padding: 0 10px 8px; border-bottom: 1px solid var(--ovr-line); }
.ovr-series strong { font-weight: 500; display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.ovr-study { color: var(--ovr-warn); font-size: 12px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.ovr-quiet { color: var(--ovr-quiet); font-size: 12px; }
.ovr-body { flex: 1; min-height: 0; overflow-y: auto; padding: 6px 6px 16px; scrollbar-width: thin; scrollbar-color: var(--ovr-line) transparent; }
.ovr-section { margin-bottom: 10px; }
.ovr-root .ovr-section > h2 { color: var(--ovr-quiet); font-size: 12px; padding: 6px 4px 4px; display: flex; justify-content: space-between; }
.ovr-card { background: var(--ovr-raised); border-radius: 6px; padding: 8px 10px; margin-bottom: 6px; }
.ovr-card-open { padding-bottom: 10px; }
.ovr-row { display: flex; align-items: center; gap: 8px; }
.ovr-top { align-items: flex-start; }
.ovr-row > .ovr-grow { flex: 1; min-width: 0; }
.ovr-title { font-weight: 500; }
.ovr-note { color: var(--ovr-quiet); font-size: 12px; margin-top: 2px; }
.ovr-empty { color: var(--ovr-quiet); padding: 4px; }
.ovr-root .ovr-button { display: inline-flex; align-items: center; justify-content: center; gap: 5px; min-height: 28px; padding: 0 12px; border-radius: 6px; border: 1px solid var(--ovr-line); white-space: nowrap; }
.ovr-root .ovr-button:hover:not(:disabled) { background: var(--ovr-hover); }
.ovr-root .ovr-primary { background: var(--ovr-primary); border-color: transparent; color: #fff; font-weight: 500; }
.ovr-root .ovr-primary:hover:not(:disabled) { background: var(--ovr-primary); filter: brightness(1.12); }
.ovr-root .ovr-link { white-space: nowrap; color: var(--ovr-accent); font-size: 12px; }
.ovr-root .ovr-wrap { white-space: normal; overflow-wrap: anywhere; }
.ovr-root .ovr-link:hover { text-decoration: underline; }
.ovr-root .ovr-icon-button { width: 28px; height: 28px; display: inline-grid; place-items: center; border-radius: 6px; border: 1px solid transparent; flex: none; color: var(--ovr-quiet); }
.ovr-root .ovr-icon-button:hover { background: var(--ovr-hover); color: var(--ovr-fg); }
.ovr-root .ovr-icon-button[aria-pressed=true].ovr-accept { color: #08210f; background: var(--ovr-good); }
.ovr-root .ovr-icon-button[aria-pressed=true].ovr-reject { color: #14181f; background: #aeb6c2; }
.ovr-disclosure { margin-top: 4px; }
.ovr-root .ovr-disclosure-trigger { display: flex; align-items: center; gap: 4px; color: var(--ovr-quiet); font-size: 12px; padding: 2px 0; width: 100%; }
.ovr-root .ovr-disclosure-trigger:hover { color: var(--ovr-fg); }
.ovr-disclosure-trigger svg { transition: transform .12s; flex: none; }
.ovr-disclosure-trigger[data-state=open] svg { transform: rotate(90deg); }
.ovr-about { font-size: 12px; padding: 4px 0 2px; }
.ovr-about dt { color: var(--ovr-quiet); margin-top: 4px; }
.ovr-about li { padding-left: 10px; text-indent: -10px; }
.ovr-about li::before { content: '· '; color: var(--ovr-quiet); }
.ovr-marking { margin-top: 6px; outline: none; }
.ovr-marking > * + * { margin-top: 8px; }
.ovr-marking-keys { display: flex; flex-wrap: wrap; gap: 6px; }
.ovr-root .ovr-marking-keys .ovr-button { padding: 0 10px; }
.ovr-segmented { display: flex; border: 1px solid var(--ovr-line); border-radius: 6px; overflow: hidden; }
.ovr-root .ovr-segmented button { padding: 3px 10px; font-size: 12px; color: var(--ovr-quiet); }
.ovr-root .ovr-segmented button[data-state=on] { background: var(--ovr-hover); color: var(--ovr-fg); }
.ovr-progress { height: 4px; border-radius: 2px; background: var(--ovr-sunk); overflow: hidden; margin: 6px 0; }
.ovr-progress > div { height: 100%; background: var(--ovr-accent); transition: width .2s linear; }
.ovr-progress[data-state=indeterminate] > div { width: 30%; animation: ovr-slide 1.4s infinite ease-in-out alternate; }
@keyframes ovr-slide { from { margin-left: 0; } to { margin-left: 70%; } }
@media (prefers-reduced-motion: reduce) { .ovr-progress > div, .ovr-disclosure-trigger svg { transition: none; animation: none !important; } }
.ovr-problem { border-left: 3px solid var(--ovr-bad); background: rgb(255 143 143 / .08); border-radius: 4px; padding: 6px 8px; margin: 6px 0; }
.ovr-problem strong { font-weight: 500; color: var(--ovr-bad); }
.ovr-problem code { font-size: 11px; color: var(--ovr-quiet); display: block; }
.ovr-warning { border-left: 3px solid var(--ovr-warn); background: rgb(255 196 64 / .08); border-radius: 4px; padding: 6px 8px; margin: 6px 0; font-size: 12px; }
.ovr-chip { font-size: 11px; line-height: 1; padding: 3px 6px; border-radius: 4px; background: var(--ovr-sunk); color: var(--ovr-quiet); white-space: nowrap; }
.ovr-chip-warn { color: var(--ovr-warn); }
.ovr-chip-good { color: var(--ovr-good); }
.ovr-layers { display: grid; grid-template-columns: auto 1fr; gap: 4px 12px; align-items: center; margin: 8px 0; padding: 6px 0; border-top: 1px solid var(--ovr-line); border-bottom: 1px solid var(--ovr-line); }
.ovr-layers .ovr-choice { grid-column: 1 / -1; }
.ovr-root .ovr-select { width: 100%; min-height: 24px; padding: 2px 4px; font: inherit; color: var(--ovr-fg); background: rgb(0 0 0 / .25); border: 1px solid var(--ovr-line); border-radius: 4px; color-scheme: dark; }
.ovr-root .ovr-toggle { display: inline-flex; align-items: center; gap: 6px; min-height: 24px; color: var(--ovr-quiet); }
.ovr-root .ovr-toggle[aria-checked=true] { color: var(--ovr-fg); }
.ovr-root .ovr-slider { width: 100%; height: 20px; margin: 0; accent-color: var(--ovr-accent); color-scheme: dark; }
.ovr-finding { position: relative; display: flex; gap: 4px; align-items: flex-start; border-radius: 6px; padding: 4px; border: 1px solid transparent; background: rgb(0 0 0 / .25); margin-bottom: 4px; }
.ovr-finding:hover { background: var(--ovr-hover); }
.ovr-finding[data-selected=true] { border-color: var(--ovr-accent); background: var(--ovr-hover); }
.ovr-finding[data-review=rejected] .ovr-finding-text { opacity: .55; }
.ovr-root .ovr-finding-text { flex: 1; min-width: 0; display: block; padding: 0 2px; }
.ovr-finding .ovr-finding-line { padding-right: 58px; min-height: 22px; }
.ovr-finding-actions { position: absolute; top: 2px; right: 2px; display: flex; gap: 2px; }
.ovr-root .ovr-finding-actions .ovr-icon-button { width: 26px; height: 26px; }
.ovr-finding-line { display: flex; justify-content: space-between; gap: 8px; }
.ovr-finding-line .ovr-quiet { white-space: nowrap; }
.ovr-number { display: inline-grid; place-items: center; min-width: 20px; height: 20px; padding: 0 4px; border-radius: 4px; font-size: 12px; color: #14181f; background: var(--ovr-warn); flex: none; margin-top: 1px; }
.ovr-number[data-review=accepted], .ovr-number[data-review=edited] { background: var(--ovr-good); }
.ovr-number[data-review=rejected] { background: #8c94a0; }
.ovr-size { white-space: nowrap; }
.ovr-reasons { margin: 0 0 6px 24px; padding: 4px 0; }
.ovr-root .ovr-reasons button { display: flex; gap: 6px; width: 100%; padding: 3px 6px; border-radius: 4px; font-size: 12px; }
.ovr-root .ovr-reasons button:hover { background: var(--ovr-hover); }
.ovr-reasons kbd, .ovr-keys kbd { font: inherit; color: var(--ovr-quiet); min-width: 10px; }
.ovr-table + .ovr-findings, section + .ovr-findings { margin-top: 10px; }
.ovr-explain { margin: -2px 0 8px 30px; }
.ovr-root .ovr-explain h4 { margin: 4px 0; font-size: 12px; }
.ovr-channels { margin: 4px 0; }
.ovr-channels label { display: block; }
.ovr-channel { color: var(--ovr-fg); font-weight: 500; }
.ovr-legend { display: flex; align-items: center; gap: 6px; font-size: 11px; color: var(--ovr-quiet); margin: 4px 0; }
.ovr-legend-bar { flex: 1; height: 8px; border-radius: 2px; }
.ovr-table { width: 100%; border-collapse: collapse; font-size: 12px; }
.ovr-table th { font-weight: 400; color: var(--ovr-quiet); text-align: right; vertical-align: bottom; padding: 2px 3px; font-size: 11px; }
.ovr-table td { text-align: right; padding: 2px 3px; border-top: 1px solid var(--ovr-line); white-space: nowrap; }
.ovr-table th:first-child, .ovr-table td:first-child { text-align: left; padding-left: 0; white-space: normal; }
.ovr-table td:last-child { padding: 2px 0; }
.ovr-root .ovr-table .ovr-icon-button { width: 24px; height: 24px; }
.ovr-table tr[data-selected=true] td { background: var(--ovr-hover); }
.ovr-table tr[data-review=rejected] td:not(:last-child) { opacity: .55; }
.ovr-root .ovr-table td > button:not(.ovr-icon-button) { display: flex; align-items: baseline; }
.ovr-swatch { flex: none; display: inline-block; width: 10px; height: 10px; border-radius: 2px; margin-right: 6px; }
.ovr-verify { border: 1px solid var(--ovr-line); border-radius: 6px; padding: 8px 10px; margin-bottom: 8px; background: var(--ovr-raised); }
.ovr-check { display: flex; gap: 8px; align-items: flex-start; margin: 8px 0; cursor: pointer; }
.ovr-check input { flex: none; width: 16px; height: 16px; margin: 1px 0 0; accent-color: var(--ovr-primary); }
.ovr-verified { color: var(--ovr-good); display: flex; gap: 6px; align-items: flex-start; font-size: 12px; }
.ovr-verified svg { flex: none; }
.ovr-end { justify-content: flex-end; flex-wrap: wrap; margin-top: 6px; }
.ovr-check span, .ovr-verified { overflow-wrap: anywhere; }
.ovr-others { padding: 0 4px; }
.ovr-other { padding: 6px 0; border-top: 1px solid var(--ovr-line); }
.ovr-other .ovr-other-name { overflow-wrap: anywhere; }
.ovr-segments { display: flex; flex-wrap: wrap; gap: 2px 12px; font-size: 12px; padding: 4px 0 0 22px; }
.ovr-other-findings { padding: 4px 0 0 22px; font-size: 12px; }
.ovr-root .ovr-other-findings > li { margin-bottom: 4px; overflow-wrap: anywhere; }
.ovr-foot { border-top: 1px solid var(--ovr-line); padding: 8px 10px; background: var(--ovr-sunk); }
.ovr-root input.ovr-input { font: inherit; color: inherit; background: var(--ovr-sunk); border: 1px solid var(--ovr-line); border-radius: 6px; min-height: 28px; padding: 0 8px; width: 100%; min-width: 0; }
`;

const id = 'overread-panel-style';

/** Puts the sheet into the document, once however many panels there are. */
export function installStyle(document: Document): void {
  if (document.getElementById(id) !== null) return;
  const style = document.createElement('style');
  style.id = id;
  style.textContent = sheet;
  document.head.append(style);
}
