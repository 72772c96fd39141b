export const usage = `overread-model makes, checks and packs model packages: a folder of model.json, an ONNX graph and a card.

  init FOLDER --graph FILE.onnx
      starts a package: fills in what the graph tells, marks with TODO what only its author knows
  selftest FOLDER [--record] [--tolerance N]
      runs the self-test in onnxruntime-node; with --record writes its values, and sizes and hashes of all files, into model.json
  check FOLDER|PACK [--json] [--no-run]
      checks manifest, files and graph, says for each place what would run where, and runs the self-test in
      onnxruntime-node and in WebAssembly (--no-run: not)
  pack FOLDER [--out FILE]
      one file with checksums; the same package always gives the same bytes
  unpack PACK --into MODELS
      writes MODELS/<id>/ and names it in MODELS/models.json, as a site serves it
  import monai-bundle FOLDER --out FOLDER [--graph FILE.onnx] [--codes FILE] [--orientation RAS] [--modality MR]
         [--licence TEXT] [--leave-out Lambdad,...]
      from configs/metadata.json and configs/inference.json (or .yaml); --leave-out names transforms that cannot be expressed and that the
      model is right without: the card says so
  import nnunet FOLDER --out FOLDER [--graph FILE.onnx] [--configuration 3d_fullres] [--codes FILE]
         [--orientation SPL] [--mirror DHW] [--modality MR] [--licence TEXT]
      from plans.json and dataset.json (nnU-Net v2)

Codes: --codes names a JSON file that says what each label is, where the name alone does not tell:
  { "spleen": { "type": { "value": "78961009", "scheme": "SCT", "meaning": "Spleen" } } }
Its entries may also hold "name", "category", "modifier" and "colour".

Exit status: 0 nothing wrong (warnings may stand), 1 something is wrong with the model,
2 a file could not be read or written, or the command was not understood.`;
