import type { Dataset } from '../../dicom/index.ts';
import type { SliceReference } from '../../volume/index.ts';

/** SOP Class, SOP Instance and frame of one source slice (Image SOP Instance Reference Macro, PS3.3 table 10-3). */
export function imageReference(slice: SliceReference): Dataset {
  return {
    ReferencedSOPClassUID: slice.sopClassUID,
    ReferencedSOPInstanceUID: slice.sopInstanceUID,
    ...(slice.frameNumber === null ? {} : { ReferencedFrameNumber: slice.frameNumber }),
  };
}
