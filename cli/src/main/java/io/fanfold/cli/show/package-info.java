/** What people see: progress, tables, pictures. */
@NullMarked
package io.fanfold.cli.show;

import org.jspecify.annotations.NullMarked;
