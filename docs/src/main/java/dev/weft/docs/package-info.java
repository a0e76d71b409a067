/**
 * Makes the site out of the repository: its Markdown pages as HTML, the Javadoc of the modules that
 * are published, and one search over both. {@code docs/site} runs {@link dev.weft.docs.SiteMain}.
 *
 * <p>The tests of this module hold what is written: that no link leads nowhere, and that the
 * examples of the Javadoc and of the pages compile and can be woven.
 */
@NullMarked
package dev.weft.docs;

import org.jspecify.annotations.NullMarked;
