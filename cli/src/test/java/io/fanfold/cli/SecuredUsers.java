package io.fanfold.cli;

import io.fanfold.protocol.rights.Grants;
import io.fanfold.protocol.rights.Right;
import io.fanfold.protocol.rights.Role;
import io.fanfold.protocol.wire.Topics;
import io.fanfold.testkit.SecuredBroker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** The users of a secured broker: one for each role, which may do what that role has to. */
final class SecuredUsers {
    private SecuredUsers() {}

    static String of(Role role) {
        return "fanfold-" + role.word();
    }

    static SecuredBroker broker(Path directory) throws IOException {
        return SecuredBroker.start(
                directory, Arrays.stream(Role.values()).map(SecuredUsers::of).toList());
    }

    static List<Right> rights(Role role, Topics topics) {
        return Grants.of(role, topics, Set.of(Topics.DEFAULT_POOL));
    }
}
