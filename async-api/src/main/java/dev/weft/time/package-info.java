/**
 * {@link dev.weft.time.Nanos}: times of any length, and how long for ever is. Used by everything
 * that is given a time; knows nothing itself. Public for the other packages of Weft, not for users.
 */
@NullMarked
package dev.weft.time;

import org.jspecify.annotations.NullMarked;
