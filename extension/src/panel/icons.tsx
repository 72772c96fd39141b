import type { ReactNode } from 'react';

/** Line icons of 16 px in the text's colour. They are decoration: the control that holds one carries the label. */
function icon(path: ReactNode) {
  return function Icon() {
    return (
      <svg
        width="16"
        height="16"
        viewBox="0 0 16 16"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.6"
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden="true"
        focusable="false"
      >
        {path}
      </svg>
    );
  };
}

export const AcceptIcon = icon(<path d="M3 8.5l3.2 3.2L13 4.8" />);
export const RejectIcon = icon(<path d="M4 4l8 8M12 4l-8 8" />);
export const ChevronIcon = icon(<path d="M6 4l4 4-4 4" />);
export const RunIcon = icon(<path d="M5 3.5v9l7-4.5z" />);
export const MarkIcon = icon(
  <>
    <path d="M8 1.5v3M8 11.5v3M1.5 8h3M11.5 8h3" />
    <circle cx="8" cy="8" r="1.2" />
  </>,
);
export const UndoIcon = icon(<path d="M3 6.5h6.5a3.5 3.5 0 010 7H7M3 6.5L6 3.5M3 6.5l3 3" />);
export const ShownIcon = icon(
  <>
    <path d="M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8z" />
    <circle cx="8" cy="8" r="2" />
  </>,
);
export const HiddenIcon = icon(
  <path d="M2 2l12 12M6 4c.6-.3 1.3-.5 2-.5 4 0 6.5 4.5 6.5 4.5s-.7 1.3-2 2.5M3.7 5.3C2.3 6.5 1.5 8 1.5 8S4 12.5 8 12.5c.8 0 1.5-.2 2.200-.5" />,
);
