export { leaveReadingRoom, mountPanel, type PanelContext } from './mount.ts';
