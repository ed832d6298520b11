import { CLIP_FRAMES, FRAME, SAMPLE_RATE } from "./speech";

/** Samples of the frame before that the voice activity model is given again, as its authors' own clients do. */
export const CONTEXT = 64;
export const INPUT = CONTEXT + FRAME;
/** Elements of the recurrent state. */
export const STATE = 2 * 128;

/** One request to the voice activity model. */
export interface Heard {
  readonly input: Float32Array;
  readonly state: Float32Array;
  readonly sr: number;
}

/**
 * Goes through a clip as a client does: each frame with the end of the one before, and with the state that the model's last
 * answer gave. @param ask gives the answer's state
 */
export async function listen(
  clip: Float32Array,
  ask: (heard: Heard) => Promise<Float32Array>,
): Promise<void> {
  let state: Float32Array = new Float32Array(STATE);
  for (let frame = 0; frame < CLIP_FRAMES; frame++) {
    const input = new Float32Array(INPUT);
    const end = (frame + 1) * FRAME;
    const heard = clip.subarray(Math.max(0, end - INPUT), end);
    input.set(heard, INPUT - heard.length);
    state = await ask({ input, state, sr: SAMPLE_RATE });
  }
}
