/**
 * Every error of the project: what happened, and what the person can do about it.
 * `status` is the HTTP status when the error leaves the companion server.
 * What exactly was wrong (which file, which slice, which number) travels in `OverreadError.details`.
 */
export interface ErrorEntry {
  readonly what: string;
  readonly remedy: string;
  readonly status: number;
}

export const errorTable = {
  'internal.unexpected': {
    what: 'Something went wrong that Overread did not foresee',
    remedy: 'Try again; if it happens twice, report it with the technical detail.',
    status: 500,
  },
  'run.cancelled': {
    what: 'The run was cancelled',
    remedy: 'Start it again when you want the result.',
    status: 499,
  },
  'model.manifest-invalid': {
    what: 'The manifest of the model package has a fault',
    remedy: 'Correct the named fields in model.json, or ask the author of the model for a corrected package.',
    status: 422,
  },
  'model.file-missing': {
    what: 'A file of the model package could not be fetched',
    remedy: 'Check that the models folder is served completely and that the address is right, then try again.',
    status: 502,
  },
  'model.file-damaged': {
    what: 'A file of the model package is not the one its manifest names',
    remedy: 'Install the model package again; a file that does not match its checksum is never run.',
    status: 422,
  },
  'model.graph-unusable': {
    what: 'The graph of the model could not be loaded',
    remedy: 'Check the ONNX file of the package: it may be damaged, or use operators that this runtime lacks.',
    status: 422,
  },
  'model.unsupported': {
    what: 'The model package asks for something that this version of Overread does not do',
    remedy: 'Install a newer version of Overread, or ask the author of the model for a package without it.',
    status: 422,
  },
  'model.graph-mismatch': {
    what: 'The graph of the model and its manifest do not fit each other',
    remedy:
      'Correct the named inputs and outputs in model.json, or export the graph again; `overread-model check` tells every difference.',
    status: 422,
  },
  'model.pack-damaged': {
    what: 'The file is no pack of a model, or a damaged one',
    remedy: 'Fetch the pack again, or pack the model again with `overread-model pack`.',
    status: 422,
  },
  'model.import-unsupported': {
    what: 'The model asks for something that a model package cannot say',
    remedy:
      'Change the named part of the source, or write the package by hand (`overread-model init`) where it makes no difference.',
    status: 422,
  },
  'model.source-invalid': {
    what: 'The model to import has a fault',
    remedy: 'Correct the named file and field, then import again.',
    status: 422,
  },
  'model.already-there': {
    what: 'There is a model package in that folder already, and none is written over',
    remedy: 'Name another folder, or remove that package first if it is no longer wanted.',
    status: 409,
  },
  'model.not-found': {
    what: 'There is no such model here',
    remedy: 'Choose one of the models that are listed.',
    status: 404,
  },
  'graph.damaged': {
    what: 'The ONNX file is damaged or no ONNX file at all',
    remedy: 'Export the model again, or install its package again.',
    status: 422,
  },
  'graph.over-limit': {
    what: 'The ONNX file is larger or more deeply nested than Overread reads',
    remedy: 'Check where the file comes from; regular networks stay far below these limits.',
    status: 422,
  },
  'graph.external-data': {
    what: 'The ONNX file keeps weights in another file',
    remedy: 'Export the model as one file: a model package holds one graph with everything inside.',
    status: 422,
  },
  'graph.invalid': {
    what: 'The graph cannot be built that way',
    remedy: 'Correct the program that builds it; the names and shapes are in the technical detail.',
    status: 500,
  },
  'runtime.unavailable': {
    what: 'No place on this machine can run the model',
    remedy: 'Use a current browser, or let the server compute; the reasons name what each place lacks.',
    status: 500,
  },
  'runtime.out-of-memory': {
    what: 'The memory of this machine did not suffice for the run',
    remedy: 'Close other tabs and viewports, choose a series with fewer or thicker slices, or let the server compute.',
    status: 507,
  },
  'runtime.failed': {
    what: 'The model stopped with an error while it ran',
    remedy: 'Try again; if it happens twice, choose another place to compute and report it with the technical detail.',
    status: 500,
  },
  'worker.load-failed': {
    what: 'The part that computes could not be started',
    remedy:
      'Check that inference-worker.js is served beside the plug-in and that the Content-Security-Policy allows workers.',
    status: 500,
  },
  'worker.crashed': {
    what: 'The part that computes ended unexpectedly',
    remedy: 'Start the run again; if it ends again, close other tabs (memory may be short) or let the server compute.',
    status: 500,
  },
  'protocol.malformed': {
    what: 'A message between two parts of Overread is not of the agreed form',
    remedy: 'Check that the viewer plug-in, worker and server are of the same version.',
    status: 502,
  },
  'server.bad-request': {
    what: 'The request is not of the documented form',
    remedy: 'Correct the named fields and send it again.',
    status: 400,
  },
  'server.not-found': {
    what: 'There is nothing at this address, or it has been removed since',
    remedy: 'Check the address; results are kept for a limited time, so run the analysis again if it was old.',
    status: 404,
  },
  'server.not-finished': {
    what: 'The analysis has no result yet',
    remedy: 'Wait for the event `done`, then ask again.',
    status: 409,
  },
  'server.busy': {
    what: 'The server has as many analyses waiting as it takes',
    remedy: 'Try again when one has finished, or compute in the browser.',
    status: 503,
  },
  'pacs.unreachable': {
    what: 'The image archive does not answer',
    remedy: 'Check that the archive is running and that its DICOMweb address is right, then try again.',
    status: 502,
  },
  'pacs.refused': {
    what: 'The image archive refused the request',
    remedy: 'Check the credentials and rights that Overread has at the archive.',
    status: 502,
  },
  'pacs.series-not-found': {
    what: 'The image archive does not hold this series',
    remedy: 'Check the study and series, and that the archive is the one the viewer shows.',
    status: 404,
  },
  'pacs.bad-answer': {
    what: 'The image archive answered with something that is no DICOMweb answer',
    remedy: 'Check the DICOMweb address; report it with the technical detail if it is right.',
    status: 502,
  },
  'image.not-loaded': {
    what: 'An image of the series could not be loaded by the viewer',
    remedy: 'Check the connection to the image archive, then start again.',
    status: 502,
  },
  'image.values-lost': {
    what: 'The viewer holds an image without its exact values',
    remedy: 'Let the server compute, or use viewer 3.13 or later, which can load the image once more as it is stored.',
    status: 422,
  },
  'image.transfer-syntax': {
    what: 'The images are compressed in a way that cannot be read here',
    remedy: 'Let the archive send them uncompressed or losslessly compressed, or compute in the browser.',
    status: 422,
  },
  'image.damaged': {
    what: 'The pixel data of an image could not be decoded',
    remedy: 'Retrieve the series again from the archive; the named image may be damaged.',
    status: 422,
  },
  'server.unreachable': {
    what: 'The companion server does not answer',
    remedy: 'Check that it is running and that its address in the settings is right, or compute in the browser.',
    status: 502,
  },
  'catalogue.unreachable': {
    what: 'The list of models could not be fetched',
    remedy: 'Check that the models folder is served and that its address in the settings is right, then try again.',
    status: 502,
  },
  'catalogue.invalid': {
    what: 'The list of models has a fault',
    remedy: 'Build or publish the models folder again; models.json and the manifests must agree.',
    status: 422,
  },
  'save.refused': {
    what: 'The image archive did not take the object',
    remedy: 'The result is kept here: try again, or ask whoever runs the archive why it refuses this kind of object.',
    status: 502,
  },
  'save.read-only': {
    what: 'The image archive does not let you store',
    remedy:
      'The result is kept while this page stays open: ask whoever runs the archive for the right to store, then try again.',
    status: 502,
  },
  'save.not-kept': {
    what: 'The image archive took the object but does not give the same one back',
    remedy: 'The result is kept here and not marked as saved: try again, and report it to whoever runs the archive.',
    status: 502,
  },
  'save.no-store': {
    what: 'This data source cannot store',
    remedy: 'Open the study from an archive that takes STOW-RS; the result stays here meanwhile.',
    status: 409,
  },
  'results.worker-failed': {
    what: 'The part that writes and reads DICOM objects stopped',
    remedy:
      'Try again; check that results-worker.js is served beside the plug-in and that the Content-Security-Policy allows workers.',
    status: 500,
  },
  'dicom.invalid-value': {
    what: 'A value does not fit its DICOM attribute',
    remedy: 'Report it with the technical detail: the attribute and the rule are named there.',
    status: 500,
  },
  'dicom.damaged': {
    what: 'The DICOM file is damaged',
    remedy: 'Fetch or store the object again.',
    status: 422,
  },
  'dicom.over-limit': {
    what: 'The DICOM file is larger or more deeply nested than Overread reads',
    remedy: 'Check where the object comes from; a regular object stays far below these limits.',
    status: 422,
  },
  'dicom.transfer-syntax': {
    what: 'The DICOM file is in a transfer syntax that Overread does not read here',
    remedy: 'Ask the archive for the object as Explicit VR Little Endian.',
    status: 422,
  },
  'results.wrong-source': {
    what: 'The result does not belong to this study or series',
    remedy: 'Open the study that was analysed and save from there.',
    status: 409,
  },
  'results.inconsistent': {
    what: 'The result contradicts itself and was not written',
    remedy: 'Run the model again; if it happens twice, report it with the technical detail.',
    status: 500,
  },
  'results.not-presentable': {
    what: 'The images cannot share one presentation state',
    remedy: 'Save without the presentation state; the report and the segmentation say the same.',
    status: 422,
  },
  'geometry.bad-grid': {
    what: 'The grid is not a regular grid of voxels',
    remedy: 'Check the position, orientation and spacing of the images.',
    status: 422,
  },
  'geometry.sample-count': {
    what: 'The number of samples does not match the grid',
    remedy: 'Report it with the technical detail: the image data and its description disagree.',
    status: 422,
  },
  'demo.option-invalid': {
    what: 'An option cannot be used',
    remedy: 'Correct it; `npm start -- --help` lists every option.',
    status: 500,
  },
  'demo.port-taken': {
    what: 'The port is taken by another program',
    remedy: 'Choose another with --port, or leave --port out: the next free one is taken.',
    status: 500,
  },
  'demo.viewer-unavailable': {
    what: 'The OHIF Viewer could not be fetched',
    remedy: 'Check the version and the connection to the package registry; once fetched, a version is kept.',
    status: 500,
  },
  'demo.viewer-damaged': {
    what: 'The fetched OHIF Viewer is not the published one',
    remedy: 'Nothing was unpacked; try again, and look into the package registry in between if it happens twice.',
    status: 500,
  },
  'demo.companion-failed': {
    what: 'The companion server did not start',
    remedy: 'Its own message is above; --no-server goes on without it.',
    status: 500,
  },
  'demo.folder-unreadable': {
    what: 'A folder of images cannot be read',
    remedy: 'Check that it exists and may be read.',
    status: 500,
  },
  'pipeline.mask-empty': {
    what: 'What the model needs to look at was not found in the series',
    remedy: 'Check that the series shows the body part that the model is made for, completely and in Hounsfield units.',
    status: 422,
  },
  'pipeline.flat-input': {
    what: 'The series holds no contrast that the model could be given',
    remedy: 'Choose another series: this one is empty, or all of one value where the model looks.',
    status: 422,
  },
  'pipeline.channel-missing': {
    what: 'A series that the model needs beside this one is not there',
    remedy: 'Fetch the complete study, or choose a series whose study holds all that the model reads.',
    status: 422,
  },
  'pipeline.other-space': {
    what: 'The series that the model needs together do not lie in one space',
    remedy: 'Choose series of one frame of reference: images of different ones cannot be laid over each other.',
    status: 422,
  },
  'prompt.unusable': {
    what: 'The model cannot answer these marks',
    remedy: 'Set at least one point or a box, all of them in one slice and inside the images.',
    status: 422,
  },
  'prompt.closed': {
    what: 'The model is no longer open on the series of these marks',
    remedy: 'Open the model on the series again.',
    status: 409,
  },
  'pipeline.bad-output': {
    what: 'The model gave an output that cannot be used',
    remedy: 'Choose another place to compute; if it happens there too, report it to the author of the model.',
    status: 502,
  },
  'pipeline.bad-patch': {
    what: 'The sliding window of the model does not serve this series',
    remedy: 'Ask the author of the model for a corrected package.',
    status: 422,
  },
  'pipeline.too-many-runs': {
    what: 'The model would have to run more often on this series than anybody waits for',
    remedy: 'Choose a series of fewer images, or ask the author of the model for a package with larger steps.',
    status: 422,
  },
  'pipeline.self-test-failed': {
    what: 'The model gave other values on this machine than its author recorded',
    remedy: 'Choose another place to compute; a result that differs from the recorded one is never shown.',
    status: 502,
  },
  'volume.no-images': {
    what: 'The series holds no images that could be a volume',
    remedy: 'Choose another series: this one has no picture elements in the usual sense.',
    status: 422,
  },
  'volume.colour': {
    what: 'The model does not read images of this kind of colour',
    remedy: 'Choose another series: a model reads either greyscale or colour.',
    status: 422,
  },
  'volume.unsupported-pixels': {
    what: 'The pixel values of the series cannot be turned into one kind of value',
    remedy: 'Choose another series, or ask the site that made it for one with a plain linear rescale.',
    status: 422,
  },
  'volume.not-finite': {
    what: 'The series holds values that are no numbers',
    remedy: 'Choose another series: the model cannot tell such values from what lies beyond the images.',
    status: 422,
  },
  'volume.frame-count': {
    what: 'A multi-frame image does not describe the frames it promises',
    remedy: 'Ask the site that made it to send it again; the header and the frames disagree.',
    status: 422,
  },
  'volume.no-position': {
    what: 'The images do not say where they lie in the patient',
    remedy: 'Choose a series of slices with positions; a cine loop or a capture has none.',
    status: 422,
  },
  'volume.no-pixel-spacing': {
    what: 'The images do not say how large a pixel is',
    remedy: 'Choose another series: nothing could be measured in this one.',
    status: 422,
  },
  'volume.bad-orientation': {
    what: 'The orientation of the images is not a valid one',
    remedy: 'Ask the site that made the series to send it again; its ImageOrientationPatient is damaged.',
    status: 422,
  },
  'volume.mixed-images': {
    what: 'The images of the series do not belong to one stack',
    remedy: 'Choose a series of parallel slices of one size, or split this one.',
    status: 422,
  },
  'volume.duplicate-position': {
    what: 'Several images of the series lie at the same place',
    remedy: 'Remove the doubled images, or choose another series.',
    status: 422,
  },
  'volume.several-per-position': {
    what: 'The series holds several volumes at one place',
    remedy: 'Choose a series of one echo, phase or time point, or split this one.',
    status: 422,
  },
  'volume.missing-slices': {
    what: 'Slices of the series are missing',
    remedy: 'Fetch the complete series and try again; results across a gap would be wrong.',
    status: 422,
  },
  'volume.uneven-spacing': {
    what: 'The slices of the series are not evenly spaced',
    remedy: 'Choose a reconstruction with even spacing; results on this one would be out of place.',
    status: 422,
  },
  'volume.gantry-tilt': {
    what: 'The slices of the series are sheared against each other',
    remedy: 'Choose a reconstruction without gantry tilt; results on this one would be out of place.',
    status: 422,
  },
  'volume.pixel-count': {
    what: 'An image holds another number of pixels than its header says',
    remedy: 'Fetch the series again; if it happens twice, the stored images are damaged.',
    status: 422,
  },
  'volume.frame-missing': {
    what: 'An image of the series is not there',
    remedy: 'Fetch the complete series and try again.',
    status: 422,
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errorTable;
