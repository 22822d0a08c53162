/** Options of the analyzer that its command line lacks. */
export default { packagejson: false };
