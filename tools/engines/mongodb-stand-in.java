/** Runs the stand-in for MongoDB on 127.0.0.1: `java -cp 'jars/*' mongodb-stand-in.java PORT DATA_FILE`. */
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import java.util.List;

class MongodbStandIn {
    /** The library's 5.0 reports the wire version of 4.2, which current clients refuse; it supports what they use of 5.0. */
    static final MongoVersion version = new MongoVersion() {
        public List<Integer> getVersionArray() {
            return List.of(5, 0, 0);
        }

        public int getWireVersion() {
            return 13;
        }
    };

    public static void main(String[] arguments) {
        var server = new MongoServer(new H2Backend(arguments[1]).version(version));
        // A graceful stop writes everything to the file; unlike with MongoDB, kill -9 may lose the last second.
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutdownNow));
        server.bind("127.0.0.1", Integer.parseInt(arguments[0]));
    }
}
