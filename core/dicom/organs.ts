import { categories, lateralities, structures } from './codes.ts';
import type { Code } from './code.ts';

/** What a segment of a network is, by its name: category, type and type modifier (PS3.3 C.8.20.2). */
export interface NamedStructure {
  readonly category: Code;
  readonly type: Code;
  /** The side, where the type does not say it itself. */
  readonly modifier?: Code;
}

const sct = (value: string, meaning: string): Code => ({ value, scheme: 'SCT', meaning });

/** Anatomical structures by the names that networks give them. SNOMED CT codes as in PS3.16 (CID 7140, 7151 to 7155, 4031 and others). */
const anatomy: Readonly<Record<string, Code>> = {
  'adrenal gland': sct('23451007', 'Adrenal gland'),
  autochthon: sct('244849004', 'Deep muscle of back'),
  airway: sct('89187006', 'Airway structure'),
  amygdala: sct('4958002', 'Amygdala'),
  aorta: sct('15825003', 'Aorta'),
  bladder: sct('89837001', 'Urinary bladder'),
  brain: sct('12738006', 'Brain'),
  'brain stem': sct('119238007', 'Brain stem'),
  brainstem: sct('119238007', 'Brain stem'),
  breast: sct('76752008', 'Breast'),
  caudate: sct('11000004', 'Caudate nucleus'),
  'caudate nucleus': sct('11000004', 'Caudate nucleus'),
  cerebellum: sct('113305005', 'Cerebellum'),
  'cerebral white matter': sct('68523003', 'Cerebral White Matter'),
  'cerebrospinal fluid': sct('65216001', 'Cerebrospinal Fluid'),
  clavicle: sct('51299004', 'Clavicle'),
  clavicula: sct('51299004', 'Clavicle'),
  colon: sct('71854001', 'Colon'),
  csf: sct('65216001', 'Cerebrospinal Fluid'),
  duodenum: sct('38848004', 'Duodenum'),
  esophagus: sct('32849002', 'Esophagus'),
  face: sct('89545001', 'Face'),
  femur: sct('71341001', 'Femur'),
  gallbladder: sct('28231008', 'Gallbladder'),
  'gray matter': sct('389081007', 'Gray Matter'),
  'grey matter': sct('389081007', 'Gray Matter'),
  heart: sct('80891009', 'Heart'),
  'heart atrium left': sct('82471001', 'Left atrium'),
  'heart atrium right': sct('73829009', 'Right atrium'),
  'heart myocardium': sct('74281007', 'Myocardium'),
  'heart ventricle left': sct('87878005', 'Left ventricle'),
  'heart ventricle right': sct('53085002', 'Right ventricle'),
  'hepatic vein': sct('8993003', 'Hepatic vein'),
  'gluteus maximus': sct('181674001', 'Gluteus maximus muscle'),
  'gluteus medius': sct('78333006', 'Gluteus medius muscle'),
  'gluteus minimus': sct('75297007', 'Gluteus minimus muscle'),
  hip: sct('29836001', 'Hip'),
  hippocampus: sct('5366008', 'Hippocampus'),
  humerus: sct('85050009', 'Humerus'),
  'iliac artery': sct('73634005', 'Common iliac artery'),
  'iliac vein': sct('46027005', 'Common iliac vein'),
  'iliac vena': sct('46027005', 'Common iliac vein'),
  iliopsoas: sct('68455001', 'Iliopsoas muscle'),
  'inferior vena cava': sct('64131007', 'Inferior vena cava'),
  ivc: sct('64131007', 'Inferior vena cava'),
  kidney: sct('64033007', 'Kidney'),
  'lateral ventricle': sct('66720007', 'Lateral ventricle'),
  'left atrium': sct('82471001', 'Left atrium'),
  'left ventricle': sct('87878005', 'Left ventricle'),
  'left ventricle myocardium': sct('49848007', 'Left ventricle myocardium'),
  liver: sct('10200004', 'Liver'),
  lung: structures.lung,
  'lung lower lobe': sct('90572001', 'Lower lobe of lung'),
  'lung middle lobe right': sct('72481006', 'Middle lobe of right lung'),
  'lung upper lobe': sct('45653009', 'Upper lobe of lung'),
  mandible: sct('91609006', 'Mandible'),
  muscle: sct('71616004', 'Muscle'),
  myocardium: sct('74281007', 'Myocardium'),
  oesophagus: sct('32849002', 'Esophagus'),
  ovary: sct('15497006', 'Ovary'),
  pancreas: sct('15776009', 'Pancreas'),
  'parotid gland': sct('45289007', 'Parotid gland'),
  'portal and splenic veins': sct('110765007', 'Portal vein and splenic vein'),
  'portal vein': sct('32764006', 'Portal vein'),
  'portal vein and splenic vein': sct('110765007', 'Portal vein and splenic vein'),
  prostate: sct('41216001', 'Prostate'),
  'pulmonary artery': sct('81040000', 'Pulmonary artery'),
  putamen: sct('89278009', 'Putamen'),
  rectum: sct('34402009', 'Rectum'),
  rib: sct('113197003', 'Rib'),
  'right atrium': sct('73829009', 'Right atrium'),
  'right ventricle': sct('53085002', 'Right ventricle'),
  sacrum: sct('54735007', 'Sacrum'),
  scapula: sct('79601000', 'Scapula'),
  skin: sct('39937001', 'Skin'),
  'small bowel': sct('30315005', 'Small intestine'),
  'small intestine': sct('30315005', 'Small intestine'),
  'spinal cord': sct('2748008', 'Spinal cord'),
  spleen: sct('78961009', 'Spleen'),
  sternum: sct('56873002', 'Sternum'),
  stomach: sct('69695003', 'Stomach'),
  'submandibular gland': sct('54019009', 'Submandibular gland'),
  'superior vena cava': sct('48345005', 'Superior vena cava'),
  testis: sct('40689003', 'Testis'),
  thalamus: sct('42695009', 'Thalamus'),
  'third ventricle': sct('49841001', 'Third ventricle'),
  'fourth ventricle': sct('35918002', 'Fourth ventricle'),
  thyroid: sct('69748006', 'Thyroid'),
  'thyroid gland': sct('69748006', 'Thyroid'),
  trachea: sct('44567001', 'Trachea'),
  'urinary bladder': sct('89837001', 'Urinary bladder'),
  uterus: sct('35039007', 'Uterus'),
  vertebra: sct('51282000', 'Vertebra'),
  'white matter': sct('389080008', 'White matter'),
};

/** Vertebrae from C1 to S1, by their names: `vertebrae_L5`, `vertebra C1`. */
const vertebrae: Readonly<Record<string, Code>> = Object.fromEntries(
  [
    ['C', '14806007 39976000 113205007 5329002 36978003 36054005 87391001'],
    ['T', '64864005 53733008 1626008 73071006 56401006 45296009 62487009 11068009 82687006 7610001 12989004 23215003'],
    ['L', '66794005 14293000 36470004 11994002 49668003'],
    ['S', '65985001'],
  ].flatMap(([region = '', values = '']) =>
    values.split(' ').flatMap((value, at) => {
      const name = `${region}${at + 1}`;
      const code = sct(value, `${name} vertebra`);
      return ['vertebra', 'vertebrae'].map((word) => [`${word} ${name.toLowerCase()}`, code] as const);
    }),
  ),
);

/** Ribs from the first to the twelfth: `rib_left_1`. */
const ribs: Readonly<Record<string, Code>> = Object.fromEntries(
  [
    ['48535007', 'First'],
    ['78247007', 'Second'],
    ['25888004', 'Third'],
    ['25523003', 'Fourth'],
    ['15339008', 'Fifth'],
    ['59558009', 'Sixth'],
    ['24915002', 'Seventh'],
    ['5953002', 'Eighth'],
    ['22565002', 'Ninth'],
    ['77644006', 'Tenth'],
    ['58830002', 'Eleventh'],
    ['43993008', 'Twelfth'],
  ].map(([value = '', ordinal = ''], at) => [`rib ${at + 1}`, sct(value, `${ordinal} rib`)]),
);

const tissues: Readonly<Record<string, Code>> = { bone: structures.bone, fat: structures.fat };

const abnormal: Readonly<Record<string, Code>> = {
  cyst: sct('367643001', 'Cyst'),
  edema: sct('79654002', 'Edema'),
  hemorrhage: sct('50960005', 'Hemorrhage'),
  mass: sct('4147007', 'Mass'),
  necrosis: sct('6574001', 'Necrosis'),
  neoplasm: sct('108369006', 'Neoplasm'),
  nodule: structures.nodule,
  tumor: sct('108369006', 'Neoplasm'),
  tumour: sct('108369006', 'Neoplasm'),
};

const tables = [
  [anatomy, categories.anatomicalStructure],
  [vertebrae, categories.anatomicalStructure],
  [ribs, categories.anatomicalStructure],
  [tissues, categories.tissue],
  [abnormal, categories.morphologicallyAbnormal],
] as const;

/**
 * What a name that networks use for a segment stands for; null where no code is known. Case, underscores and hyphens do not
 * matter, nor does a plural. A side is the modifier where the code is the same for both: `kidney_left` is (64033007, SCT,
 * Kidney) with (7771000, SCT, Left).
 */
export function structureNamed(name: string): NamedStructure | null {
  const plain = name
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ')
    .trim();
  const whole = typeOf(plain);
  if (whole !== null) return whole;
  const [side, ...others] = plain.match(/\b(?:left|right)\b/g) ?? [];
  if (side === undefined || others.length > 0) return null;
  const sideless = typeOf(plain.replace(side, ' ').replace(/\s+/g, ' ').trim());
  return sideless === null ? null : { ...sideless, modifier: side === 'left' ? lateralities.left : lateralities.right };
}

function typeOf(name: string): NamedStructure | null {
  for (const candidate of [name, name.replace(/s$/, '')]) {
    for (const [table, category] of tables) {
      const type = Object.hasOwn(table, candidate) ? table[candidate] : undefined;
      if (type !== undefined) return { category, type };
    }
  }
  return null;
}
