/** What debuggers and profilers see of woven code: jdb, Flight Recorder, IntelliJ's settings. */
@NullMarked
package dev.weft.weaver.debugger;

import org.jspecify.annotations.NullMarked;
