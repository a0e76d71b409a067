/** The page that shows a run: {@link dev.weft.perf.report.Report}. */
@NullMarked
package dev.weft.perf.report;

import org.jspecify.annotations.NullMarked;
