/** Woven programs as modules of their own: on the module path, with the packaged jars. */
@NullMarked
package dev.weft.weaver.modules;

import org.jspecify.annotations.NullMarked;
