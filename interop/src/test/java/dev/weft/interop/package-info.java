/**
 * Libraries over Netty that are given an executor's event loops in place of their own: that they
 * work there, and how each is told. What is said of them in {@code docs/netty.md} is tried here.
 */
@NullMarked
package dev.weft.interop;

import org.jspecify.annotations.NullMarked;
