// Values of an output are read as 32-bit words: so half precision needs nothing of the GPU, and NaN is seen by its bits, since
// shaders may compute as if there were none. Labels are four to a word, every row of the grid beginning with a word of its own.

/** What one call works on; as `Job` in TypeScript. */
const job = /* wgsl */ `
struct Job {
  // Distances in the output, in values.
  channels: u32, channel: u32, slice: u32, row: u32,
  // Inside the window: where its core begins.
  skipped: vec3<u32>, half: u32,
  // The core on the grid, [i, j, k]; for labels of sums, z is the place along the slab axis.
  start: vec3<u32>, window: u32,
  size: vec3<u32>, highest: u32,
  dims: vec3<u32>, axis: u32,
  // Of the sums: slices held at a time, planes of a slice.
  thickness: u32, carried: u32,
  least: f32, cut: f32,
  // Of the output.
  values: u32, unused0: u32, unused1: u32, unused2: u32,
}
@group(0) @binding(0) var<uniform> job: Job;`;

const logits = /* wgsl */ `
@group(0) @binding(1) var<storage, read> logits: array<u32>;

fn logit(at: u32) -> f32 {
  if (job.half == 1u) {
    let pair = unpack2x16float(logits[at / 2u]);
    return select(pair.x, pair.y, (at & 1u) == 1u);
  }
  return bitcast<f32>(logits[at]);
}`;

/** Rows of the other axis than i and the slab axis; a slice of sums is [carried, rows, ni]. */
const plane = /* wgsl */ `
fn rowsOfSlice() -> u32 {
  return select(job.dims.y, job.dims.z, job.axis == 1u);
}
fn sumAt(along: u32, other: u32, i: u32) -> u32 {
  return ((along % job.thickness) * job.carried * rowsOfSlice() + other) * job.dims.x + i;
}`;

const labelWords = /* wgsl */ `
@group(0) @binding(2) var<storage, read_write> labels: array<u32>;
@group(0) @binding(3) var<storage, read> table: array<u32>;

fn wordAt(word: u32, j: u32, k: u32) -> u32 {
  return (k * job.dims.y + j) * ((job.dims.x + 3u) / 4u) + word;
}`;

/** Notes the first window that held a value that is no number or infinite. One thread per word or, of half precision, per pair. */
export const inspect = /* wgsl */ `${job}${logits}
@group(0) @binding(2) var<storage, read_write> odd: atomic<u32>;

fn isOdd(at: u32) -> bool {
  let word = logits[at];
  if (job.half == 0u) { return (word & 0x7f800000u) == 0x7f800000u; }
  let isLast = at * 2u + 1u == job.values;
  return (word & 0x7c00u) == 0x7c00u || (!isLast && (word & 0x7c000000u) == 0x7c000000u);
}

@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let words = select(job.values, (job.values + 1u) / 2u, job.half == 1u);
  for (var at = id.x; at < words; at += groups.x * 256u) {
    if (isOdd(at)) { atomicMin(&odd, job.window); }
  }
}`;

/** Adds a window to the sums, weighted. One thread per voxel of its core. */
export const blend = /* wgsl */ `${job}${logits}${plane}
@group(0) @binding(2) var<storage, read> weights: array<f32>;
@group(0) @binding(3) var<storage, read_write> sums: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (any(id >= job.size)) { return; }
  let inside = job.skipped + id;
  let source = inside.z * job.slice + inside.y * job.row + inside.x;
  // Where the weights along j and along k begin, then those along i, j and k.
  let ofJ = u32(weights[0]);
  let ofK = u32(weights[1]);
  let weight = max(weights[2u + inside.x] * weights[ofJ + inside.y] * weights[ofK + inside.z], job.least);
  let at = job.start + id;
  let isJ = job.axis == 1u;
  var to = sumAt(select(at.z, at.y, isJ), select(at.y, at.z, isJ), at.x);
  let step = rowsOfSlice() * job.dims.x;
  if (job.highest == 1u) {
    // Only compared with each other: channel 0 is taken off the others, and no weights are summed.
    let first = logit(source);
    for (var c = 1u; c < job.channels; c++) {
      sums[to] += weight * (logit(source + c * job.channel) - first);
      to += step;
    }
    return;
  }
  for (var c = 0u; c < job.channels; c++) {
    sums[to] += weight * logit(source + c * job.channel);
    to += step;
  }
  sums[to] += weight;
}`;

/** Labels of slices whose every window was added; their sums begin anew. One thread per four voxels of a row. */
export const chooseFromSums = /* wgsl */ `${job}${labelWords}${plane}
@group(0) @binding(1) var<storage, read_write> sums: array<f32>;

fn highestOf(source: u32, step: u32) -> u32 {
  var most = 0.0;
  var label = 0u;
  for (var c = 0u; c < job.carried; c++) {
    let value = sums[source + c * step];
    if (value > most) { most = value; label = table[c]; }
  }
  return label;
}

fn allAtLeast(source: u32, step: u32) -> u32 {
  let weight = sums[source + job.channels * step];
  var label = 0u;
  if (weight > 0.0) {
    for (var c = 0u; c < job.channels; c++) {
      if (sums[source + c * step] >= job.cut * weight) { label |= table[c]; }
    }
  }
  return label;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let first = id.x * 4u;
  if (first >= job.dims.x || id.y >= rowsOfSlice() || id.z >= job.size.z) { return; }
  let along = job.start.z + id.z;
  let step = rowsOfSlice() * job.dims.x;
  var word = 0u;
  for (var n = 0u; n < min(4u, job.dims.x - first); n++) {
    let source = sumAt(along, id.y, first + n);
    var label = 0u;
    if (job.highest == 1u) { label = highestOf(source, step); } else { label = allAtLeast(source, step); }
    word |= label << (8u * n);
    for (var c = 0u; c < job.carried; c++) { sums[source + c * step] = 0.0; }
  }
  let isJ = job.axis == 1u;
  labels[wordAt(id.x, select(id.y, along, isJ), select(along, id.y, isJ))] = word;
}`;

/** Labels of a window's core. One thread per four voxels of a row of the grid, some of which may lie before or behind the core. */
export const chooseFromWindow = /* wgsl */ `${job}${logits}${labelWords}

fn highestOf(source: u32) -> u32 {
  var most = logit(source);
  var label = 0u;
  for (var c = 1u; c < job.channels; c++) {
    let value = logit(source + c * job.channel);
    if (value > most) { most = value; label = table[c - 1u]; }
  }
  return label;
}

fn allAtLeast(source: u32) -> u32 {
  var label = 0u;
  for (var c = 0u; c < job.channels; c++) {
    if (logit(source + c * job.channel) >= job.cut) { label |= table[c]; }
  }
  return label;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let column = job.start.x / 4u + id.x;
  let end = job.start.x + job.size.x;
  if (column * 4u >= end || id.y >= job.size.y || id.z >= job.size.z) { return; }
  let inside = job.skipped + vec3<u32>(0u, id.y, id.z);
  let row = inside.z * job.slice + inside.y * job.row + inside.x;
  let to = wordAt(column, job.start.y + id.y, job.start.z + id.z);
  var word = labels[to];
  for (var n = 0u; n < 4u; n++) {
    let i = column * 4u + n;
    if (i < job.start.x || i >= end) { continue; }
    let source = row + (i - job.start.x);
    var label = 0u;
    if (job.highest == 1u) { label = highestOf(source); } else { label = allAtLeast(source); }
    word = (word & ~(0xffu << (8u * n))) | (label << (8u * n));
  }
  labels[to] = word;
}`;
