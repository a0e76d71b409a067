/**
 * Weft's own lowering: from the bytecode of an async method straight to one body behind a dispatch
 * on the state, and the frame that resumes it.
 */
@NullMarked
package dev.weft.weaver.direct;

import org.jspecify.annotations.NullMarked;
