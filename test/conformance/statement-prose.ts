import { defaultReadLimits, implementation, privateScheme, sopClasses, transferSyntaxes } from '@overread/core/dicom';

/** The parts of the conformance statement that are no tables. */
export const prose = {
  head: `# DICOM conformance

What Overread writes and reads, attribute by attribute. The tables are generated from objects that the code wrote
(\`node test/conformance/write-statement.ts\`); a test fails when they differ from the code.

| SOP class | UID | written | read |
|---|---|---|---|
| Segmentation Storage | ${sopClasses.segmentation} | yes, BINARY; FRACTIONAL where asked for | BINARY, FRACTIONAL |
| Label Map Segmentation Storage | ${sopClasses.labelMapSegmentation} | where asked for | 8 and 16 bits |
| Parametric Map Storage | ${sopClasses.parametricMap} | where asked for, floats | floats, doubles, unsigned integers |
| Grayscale Softcopy Presentation State Storage | ${sopClasses.grayscalePresentationState} | where asked for | no |
| Color Softcopy Presentation State Storage | ${sopClasses.colourPresentationState} | where asked for, of images in colour | no |
| Secondary Capture Image Storage | ${sopClasses.secondaryCapture} | where asked for | no |
| Key Object Selection Document Storage | ${sopClasses.keyObjectSelection} | where asked for | no |
| Comprehensive 3D SR Storage | ${sopClasses.comprehensive3DSr} | yes, TID 1500 | yes, measurement groups of any maker |
| Comprehensive SR, Enhanced SR Storage | ${sopClasses.comprehensiveSr}, ${sopClasses.enhancedSr} | no | the same |

Transfer syntax written: Explicit VR Little Endian (${transferSyntaxes.explicitLittleEndian}). Read: Explicit and
Implicit VR Little Endian, Deflated Explicit VR Little Endian (within a limit), RLE Lossless and Deflated Image Frame
Compression of segmentations; big-endian files are refused. Implementation class UID
${implementation.classUID}, version name \`${implementation.versionName}\`.

Every save makes new instances with fresh UIDs (2.25, from random bits), each in a series of its own in the study of
the images. Patient and study attributes are taken over from the images value for value. Everything is
written in UTF-8 (ISO_IR 192), names that the images have in another set too. Content Date
and Time are the start of the analysis, Instance Creation Date and Time the moment of saving. All times are on the
clock of Timezone Offset From UTC: that of the images where they name one, else of the machine that wrote the object.

The algorithm stands in Contributing Equipment, in agreement with the device observer and the algorithm identification
of the report and with the algorithm identification of each segment. General Equipment is Overread itself.

*of the result* in the tables: the value comes from the analysis or from the images and their geometry. Attributes of
type 2 without a value are present and empty, and not listed.`,

  segmentation: `## Segmentation

One frame for each segment and slice that has a voxel, ordered by segment, then by slice; a mask without a voxel has
one empty frame. Frames are packed without padding between them. Where a frame is no whole number of bytes, up to a few
empty frames more are written, so that the pixel data need a byte of padding: OHIF 3.13 draws such a mask wrongly otherwise. Geometry is that of the analysed series, image by
image; each frame names the image (and frame) it lies on. A series without a frame of reference gives a segmentation
without one: its frames are placed by their source images alone.

Where a site asks for it the mask is written as a Label Map Segmentation (one frame per slice that has a label, 8 bits,
SegmentNumber = label, background 0 as PixelPaddingValue) or as FRACTIONAL (PROBABILITY, 255 is certain; a segment without
probabilities is certain where its label is).`,

  report: `## Report

The report is the root of a result: it refers to the segmentation and to the parametric map. It is COMPLETE and UNVERIFIED:
a review of findings is no verification of the document. Only an explicit act of a person makes a version VERIFIED, in
their name (Verifying Observer Sequence; the table shows such a version). A
later save names the document it replaces in the Predecessor Documents Sequence and refers to the segmentation stored before.`,

  tree: `### Content tree (TID 1500)`,

  groups: `Every finding is a measurement group with a tracking identifier and UID, which the segment shares. A finding is of kind

- TID 1411 (with *Referenced Segment* and *Source series for segmentation*) where it is the measurement of a stored segment and has no axes of its own;
- TID 1410 (with its box as *Image Region*) where it is a place in one image without numbers or axes: a number of TID 1410
  may carry no coordinates, and viewers look for the place of a number nowhere else;
- TID 1501 otherwise, with its segment as an image of purpose (113076, DCM, Segmentation).

- *Bounded by*: the outline of the finding's box on the slice of its centre, on its first and on its last slice; together they span exactly its voxels.
- *Center*: the voxel that stands for the finding, at its pixel's centre. (0.5, 0.5) is the centre of an image's first pixel.
- *Long Axis*, *Short Axis*: with the end points they were inferred from, on the image, or in patient space where they do not lie in one image.
- A finding without a place has the outline of the middle image under the private concept *whole-image*.
- Numbers that a decimal string cannot hold exactly stand in Floating Point Value beside it.
- A score is named as such; (122157, DCM, Probability) is used only for a calibrated model.
- Algorithm Parameters say: package, digest (SHA-256), regulatory status, where and by what runtime it was computed and why faster ones were not used.
- The outcome is (111017, DCM, CAD Processing and Findings Summary): succeeded with or without findings, or none succeeded. *No findings* is also said
  as (121071, DCM, Finding) = (272519000, SCT, Absent). Warnings of the run stand beside it.

Timings are not stored.`,

  parts: `Template validators refuse documents that mix kinds of groups. Where an analysis has findings of several kinds the root
holds those of the first (1501, 1410, 1411), and refers by COMPOSITE items to one document for each further kind, which is
stored before it. Findings of TID 1501 with and without a place count as two kinds: beside a group with an *Image Region*
one without is taken for a group of TID 1410 that lacks its own. Such a document names the analysis it is a part of, has the observers, the image library and the algorithm
as the root has them, and is as complete and verified as the root; outcome, warnings and predecessors stand in the root
alone. There, the Algorithm Parameter *documents of the findings* gives the order of the findings over the documents (0 is
the root, 1 its first part). A part that is missing is told, and so is one whose root is missing.`,

  parametricMap: `## Parametric map

A heat map as 32-bit floats, an object for each; its name is the LUT Explanation. A Save of the reading room writes it at the voxels of the series, which viewers need that lay
maps over images pixel by pixel: one frame per image, linear between the map's own voxels, rounded to at most a 1024th of
the display range, below that range where the map has no values. For series of more than 48 Mi voxels, and where a site
says \`store.heatMap: 'own-grid'\`, it is written bit for bit on the grid of its own: one frame per slice, from the map's
first to its last. The stored value is the real world value; quantity and unit stand in the mapping. The window is the suggested
display range (LINEAR_EXACT). Each frame names the images that lie within its thickness. A series without a frame of
reference gives a map with one of its own. The report refers to the map by an image item named by the quantity.`,

  presentationState: `## Presentation state

Boxes, labels and the model's name on every slice that a finding touches; without findings on every image, saying so.
A presentation state stands in place of what the images say of their own display, so that it takes all of it over: rescale or
modality table, the first window or VOI table of each image (of more than 8 bits stretched to 16), and the polarity. Images
in colour have a Color Softcopy Presentation State with their own ICC profile, or sRGB where they name none. A state says
rescale, table and polarity once: where the images do not share them (PET has a rescale per slice), or are partly in
colour, there is one state for each, and only for the slices of the findings' centres (at most 20). A state that would
change the picture, since the values of a table are not at hand, is not written.

Presentation states, secondary captures and key object selections are extras for displays that read no SR. A rejected
finding appears in none of them but as a number; a failed run has none of them. The report refers to none of them: it is
stored before them, stands as it is when they are left out, and a person who verifies it does not vouch for pictures.
What ties them to it is the key object selection.`,

  secondaryCapture: `## Secondary capture

The slice of each finding's centre (at most 20), one RGB instance each, in one series: windowed, with square pixels, the
outlines of the mask, the boxes and their labels. Model, version and "not for primary diagnosis" stand in the pixels
below the image. Without a finding in the images it is the middle slice, saying so.`,

  keyObjects: `## Key object selection

The slice of each finding's centre, most important first, each with the presentation state to show it in, then the captures
and the report (TID 2010).`,

  rules: `## Rules on top

\`npx overread-dicom check FILE…\` checks stored results against rules that validators leave out. All objects written in the
tests pass them. An *error* breaks the standard or IHE AIR; a *warning* is legal, but known to be lost, refused or not
drawn somewhere.`,

  proof: `## Checked by others

The tests hold every kind of object against dciodvfy and dcentvfy (dicom3tools), dcmdump, dsrdump and dcmpschk (dcmtk),
PixelMed's validator of SR templates, and pydicom, which also rebuilds every kind of segmentation in patient space. They
store every object in Orthanc by STOW-RS and by C-STORE, fetch it back by WADO-RS and C-GET, and compare it element by
element. No error is let pass but these:`,

  codes: `## Private codes

Scheme \`${privateScheme.designator}\` (UID ${privateScheme.uid}, version ${privateScheme.version}), declared in the Coding Scheme
Identification Sequence of every object. It says what no standard code was found for.`,

  reading: `## Reading

A file is refused beyond ${defaultReadLimits.maxElements.toLocaleString('en')} elements, ${defaultReadLimits.maxDepth} levels of
nesting, ${(defaultReadLimits.maxBytes / 2 ** 30).toFixed(0)} GiB or ${(defaultReadLimits.maxInflatedBytes / 2 ** 20).toFixed(0)} MiB inflated, where a length is larger than what is there, and where an
attribute stands in it twice. Elements outside the table of attributes are passed over. Text is read in all character
sets of PS3.3 C.12.1.1.2, with code extensions.

Of several reports with the same analysis UID the newest counts: a named predecessor is superseded, then the later
Instance Creation Date and Time. A segmentation is drawn only where it fits the series exactly: same rows and columns
(or tiles of them), same frame of reference, every corner of every frame within 0.02 voxel of a slice, and where the
frame names images, derived from the one it lies on.
Otherwise the findings are shown without it, and the reason is told.

Segments may overlap: they are read into several label maps. Those that a model gives are stored as BINARY, whatever the
site asks for. A voxel of a FRACTIONAL segment has its label
where its fraction is at least one half and the largest; the fractions are kept beside it. Tiles (TILED_FULL, TILED_SPARSE)
stand where the total pixel matrix says. Reports of others give a finding for every measurement group (125007, DCM),
wherever it stands: its codes, shapes, measurements, segment and remarks; SNOMED RT codes are understood where they name
content items. What is not understood is listed.`,
} as const;
