/**
 * Nine applications of a page each, to be copied from: what stands in them is the application, and
 * nothing of it is a tool that the application needs.
 */
@NullMarked
package dev.weft.examples;

import org.jspecify.annotations.NullMarked;
