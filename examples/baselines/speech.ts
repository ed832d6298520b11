import { seededNormal, seededUniform } from "../../runtime/drift/projection";

/** Hertz. */
export const SAMPLE_RATE = 16_000;
/** Samples of a frame, 32 ms: what the voice activity model takes at a time. */
export const FRAME = 512;
/** Frames of a clip, two seconds: whoever listens begins anew then. */
export const CLIP_FRAMES = 64;

/** Formants of five vowels in Hz (Peterson and Barney, "Control Methods Used in a Study of the Vowels", 1952; means of men). */
const VOWELS = [
  [730, 1090, 2440],
  [270, 2290, 3010],
  [300, 870, 2240],
  [530, 1840, 2480],
  [570, 840, 2410],
] as const;
/** Bandwidths of the formants, Hz. */
const BANDWIDTHS = [80, 100, 140] as const;

/**
 * Clips that sound like somebody who speaks in a quiet room: syllables of voiced vowels and of hissing consonants between
 * pauses, by the source-filter model (Fant 1960; Klatt 1980), over the noise of a microphone. Made up, so that nobody's
 * recording is needed; the voice activity model takes most of the vowels for speech.
 * @param seed the same clips in every run
 * @returns `count` clips of CLIP_FRAMES frames, samples in -1…1
 */
export function speechClips(seed: number, count: number): Float32Array[] {
  const uniform = seededUniform(seed);
  const normal = seededNormal(seed + 1);
  return Array.from({ length: count }, () => clip(uniform, normal));
}

const between = (uniform: () => number, low: number, high: number) => low + (high - low) * uniform();

function clip(uniform: () => number, normal: () => number): Float32Array {
  const samples = new Float32Array(CLIP_FRAMES * FRAME);
  const room = between(uniform, 0.0005, 0.003);
  for (let i = 0; i < samples.length; i++) samples[i] = room * normal();
  // How near the microphone is, and how high the voice.
  const loudness = between(uniform, 0.08, 0.5);
  const pitch = between(uniform, 90, 220);
  let at = Math.floor(between(uniform, 0, 0.4) * SAMPLE_RATE);
  while (at < samples.length) {
    if (uniform() < 0.15) {
      // Breath between phrases.
      at += Math.floor(between(uniform, 0.2, 0.6) * SAMPLE_RATE);
      continue;
    }
    if (uniform() < 0.4) at += hiss(samples, at, loudness * 0.12, uniform, normal);
    at += vowel(samples, at, loudness, pitch * between(uniform, 0.85, 1.15), uniform, normal);
    at += Math.floor(between(uniform, 0.01, 0.08) * SAMPLE_RATE);
  }
  return samples.map((sample) => Math.max(-1, Math.min(1, sample)));
}

/** @returns samples that it took */
function hiss(
  into: Float32Array,
  at: number,
  loudness: number,
  uniform: () => number,
  normal: () => number,
): number {
  const length = Math.floor(between(uniform, 0.04, 0.12) * SAMPLE_RATE);
  let before = 0;
  for (let i = 0; i < length && at + i < into.length; i++) {
    const noise = normal();
    // The difference of neighbours has the high frequencies only.
    into[at + i]! += loudness * envelope(i, length) * 0.5 * (noise - before);
    before = noise;
  }
  return length;
}

/** @returns samples that it took */
function vowel(
  into: Float32Array,
  at: number,
  loudness: number,
  pitch: number,
  uniform: () => number,
  normal: () => number,
): number {
  const length = Math.floor(between(uniform, 0.08, 0.25) * SAMPLE_RATE);
  const formants = VOWELS[Math.floor(uniform() * VOWELS.length)]!.map(
    (hertz) => hertz * between(uniform, 0.92, 1.15),
  );
  const filters = formants.map((hertz, k) => resonator(hertz, BANDWIDTHS[k]!));
  const sound = new Float64Array(length);
  let phase = 0;
  let loudest = 0;
  for (let i = 0; i < length; i++) {
    phase += (pitch * (1 + 0.02 * Math.sin((2 * Math.PI * 5 * i) / SAMPLE_RATE))) / SAMPLE_RATE;
    const pulse = phase >= 1 ? 1 : 0;
    phase -= pulse;
    const source = pulse + 0.01 * normal();
    sound[i] = filters.reduce((value, filter) => filter(value), source);
    loudest = Math.max(loudest, Math.abs(sound[i]!));
  }
  for (let i = 0; i < length && at + i < into.length; i++)
    into[at + i]! += (loudness * envelope(i, length) * sound[i]!) / loudest;
  return length;
}

/** Rises and falls over a fifth of a syllable each. */
function envelope(i: number, length: number): number {
  const edge = length / 5;
  return Math.min(1, i / edge, (length - i) / edge);
}

/** Of second order, by Klatt 1980. */
function resonator(hertz: number, bandwidth: number): (sample: number) => number {
  const radius = Math.exp((-Math.PI * bandwidth) / SAMPLE_RATE);
  const c = -radius * radius;
  const b = 2 * radius * Math.cos((2 * Math.PI * hertz) / SAMPLE_RATE);
  const a = 1 - b - c;
  let [last, secondLast] = [0, 0];
  return (sample) => {
    const now = a * sample + b * last + c * secondLast;
    secondLast = last;
    last = now;
    return now;
  };
}
