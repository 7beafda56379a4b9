/** Runs the stand-in for MongoDB on 127.0.0.1: `java -cp 'jars/*' mongodb-stand-in.java PORT DATA_FILE`. */
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import java.util.List;

class MongodbStandIn {
    /** Its own word for 5.0 names the wire version of 4.2, which clients of today refuse; what they ask of 5.0 here it can do. */
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
        // An orderly stop writes everything to the file; kill -9 may lose the last second, which MongoDB would not.
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutdownNow));
        server.bind("127.0.0.1", Integer.parseInt(arguments[0]));
    }
}
