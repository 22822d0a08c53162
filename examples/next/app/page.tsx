import Link from 'next/link';

export default function Page() {
  return (
    <>
      <h1>First page</h1>
      <Link href="/second">Second page</Link>
    </>
  );
}
