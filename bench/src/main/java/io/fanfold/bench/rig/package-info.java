/** What the suites measure with: a broker and fleets in processes of their own, Python, the machine. */
@NullMarked
package io.fanfold.bench.rig;

import org.jspecify.annotations.NullMarked;
