package dev.weft.weaver.scan;

import dev.weft.weaver.DiagnosticCode;

/**
 * A call that is legal and yet seldom meant.
 *
 * @param code what is risky about it
 * @param line its line, or 0
 * @param message what happens and what to do
 */
public record RiskyCall(DiagnosticCode code, int line, String message) {}
