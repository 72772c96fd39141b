import { expect, it } from 'vitest';
import { analysisOf } from '../support/analyses.ts';
import { ctSeries } from '../support/ct-series.ts';
import { everyObject } from '../support/every-object.ts';
import { awkwardMap, otherGrid } from '../support/heat-maps.ts';
import { asFile, python, skipNote, tools } from '../support/validators.ts';
import { encodeAnalysis } from '../support/checked-results.ts';

const program = `
import json, sys, numpy, pydicom
d = pydicom.dcmread(sys.argv[1])
shared = d.SharedFunctionalGroupsSequence[0]
mapping = shared.RealWorldValueMappingSequence[0]
print(json.dumps({
  'bits': numpy.frombuffer(d.FloatPixelData, '<u4').tolist(),
  'shape': [d.NumberOfFrames, d.Rows, d.Columns],
  'slope': mapping.RealWorldValueSlope, 'intercept': mapping.RealWorldValueIntercept,
  'quantity': mapping.QuantityDefinitionSequence[0].ConceptCodeSequence[0].CodeValue,
  'unit': mapping.MeasurementUnitsCodeSequence[0].CodeValue,
  'orientation': [float(v) for v in shared.PlaneOrientationSequence[0].ImageOrientationPatient],
  'spacing': [float(v) for v in shared.PixelMeasuresSequence[0].PixelSpacing],
  'positions': [[float(v) for v in f.PlanePositionSequence[0].ImagePositionPatient] for f in d.PerFrameFunctionalGroupsSequence],
}))`;

it.skipIf(tools.python === null)(`pydicom reads the map as it was, bit for bit${skipNote('python')}`, () => {
  const { geometry, datasets } = ctSeries();
  const heatMap = awkwardMap(otherGrid(geometry.grid));
  const [map] = encodeAnalysis(analysisOf(geometry, { heatMaps: [heatMap] }), everyObject(geometry, datasets));
  const seen = asFile(map?.bytes ?? new Uint8Array(), (path) => python(program, [path]));
  expect(seen).toEqual({
    bits: [...new Uint32Array(heatMap.values.slice().buffer)],
    shape: [3, 4, 5],
    slope: 1,
    intercept: 0,
    quantity: '130404',
    unit: '1',
    orientation: [1, 0, 0, 0, 1, 0],
    spacing: [1.7, 1.3],
    positions: [
      [-108.5, -94.25, 34.5],
      [-108.5, -94.25, 37.6],
      [-108.5, -94.25, 40.7],
    ],
  });
});
