import Link from 'next/link';

export default function Page() {
  return (
    <>
      <h1>Second page</h1>
      <Link href="/">First page</Link>
    </>
  );
}
