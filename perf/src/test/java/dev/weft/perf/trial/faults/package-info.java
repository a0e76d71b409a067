/** Tests of the trial's own judgement. */
@NullMarked
package dev.weft.perf.trial.faults;

import org.jspecify.annotations.NullMarked;
