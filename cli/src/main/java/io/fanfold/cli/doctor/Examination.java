package io.fanfold.cli.doctor;

import java.util.List;

/** A look at one side of a fleet. */
interface Examination {
    /** The thing it looks at. */
    String what();

    /** What is seen of it; where it cannot be, what it throws says why. */
    List<Check> look();
}
