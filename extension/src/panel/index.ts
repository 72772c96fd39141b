export { leaveReadingRoom, mountPanel } from './mount.ts';
