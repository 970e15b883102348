import fc from 'fast-check';

/**
 * Property tests take the same samples in every run, so that a failure is seen by whoever caused it. `FC_SEED=random` or a number looks
 * elsewhere.
 */
const { FC_SEED: seed = '1' } = process.env;
fc.configureGlobal(seed === 'random' ? {} : { seed: Number(seed) });
