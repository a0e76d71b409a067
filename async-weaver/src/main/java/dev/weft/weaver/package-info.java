/**
 * The weaver: class bytes in, woven class bytes and diagnostics out. {@link dev.weft.weaver.Weaver}
 * is the front door; its passes are a package each, in the order in which a class meets them:
 * {@code scan}, {@code split}, {@code lower}, {@code verify}. {@code maven}, {@code agent} and
 * {@code cli} are shells around it.
 */
@NullMarked
package dev.weft.weaver;

import org.jspecify.annotations.NullMarked;
