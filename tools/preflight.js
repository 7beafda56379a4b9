/**
 * Runs before every npm script that needs Node 26: says clearly what to do when npm did not bring it along.
 * Plain JavaScript that old Nodes read, because it is an old Node that it has to speak to.
 */
const neededMajor = 26;
const major = Number(process.versions.node.split('.')[0]);

if (major < neededMajor) {
  console.error(`
Kontor runs on Node ${neededMajor}, and this is Node ${process.versions.node}.

npm brings Node ${neededMajor} along as the package \`node\`, but here it did not arrive: either the packages are
not installed, or the install script of \`node\` was not allowed to run (it puts the program in place).

Do one of these, then try again:
  npm ci                                   installs the packages, Node ${neededMajor} among them
  npm rebuild node --ignore-scripts=false  when they are installed and scripts were switched off
  (or install Node ${neededMajor} or newer yourself)
`);
  process.exit(1);
}
