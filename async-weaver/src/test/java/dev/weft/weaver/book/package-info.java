/**
 * The book of the lowering, {@code async-weaver/docs/lowering.md}: its listings and tables are made
 * from the corpus, and a test sees to it that they stay as made. To make them anew:
 *
 * <pre>
 * mvn test -pl async-weaver -am -Dtest=LoweringBookTest -Dsurefire.failIfNoSpecifiedTests=false -DargLine=-Dlowering.write=true
 * </pre>
 */
@NullMarked
package dev.weft.weaver.book;

import org.jspecify.annotations.NullMarked;
